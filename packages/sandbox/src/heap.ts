/** A queue that gives the smallest item first. */
export interface Heap<T> {
  readonly peek: () => T | undefined;
  readonly pop: () => T | undefined;
  readonly push: (item: T) => void;
}

/** A binary heap. `before` must be a strict order; give it a tie-break where ties must come out the same each time. */
export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];
  return {
    peek: () => items[0],
    push: (item) => {
      items.push(item);
      siftUp(items, before);
    },
    pop: () => {
      const top = items[0];
      const last = items.pop();
      if (items.length > 0 && last !== undefined) {
        items[0] = last;
        siftDown(items, before);
      }
      return top;
    },
  };
}

function siftUp<T>(items: T[], before: (a: T, b: T) => boolean): void {
  let child = items.length - 1;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!swapIf(items, before, child, parent)) return;
    child = parent;
  }
}

function siftDown<T>(items: T[], before: (a: T, b: T) => boolean): void {
  let parent = 0;
  for (;;) {
    const left = 2 * parent + 1;
    const right = left + 1;
    const smaller = isBefore(items, before, right, left) ? right : left;
    if (!swapIf(items, before, smaller, parent)) return;
    parent = smaller;
  }
}

function swapIf<T>(items: T[], before: (a: T, b: T) => boolean, lower: number, upper: number): boolean {
  if (!isBefore(items, before, lower, upper)) return false;
  const moved = items[lower] as T;
  items[lower] = items[upper] as T;
  items[upper] = moved;
  return true;
}

function isBefore<T>(items: readonly T[], before: (a: T, b: T) => boolean, a: number, b: number): boolean {
  return a < items.length && before(items[a] as T, items[b] as T);
}
