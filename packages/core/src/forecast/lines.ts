/** Lines by the time at which each falls free, earliest first: a binary heap of which only the top is replaced. */
export class Lines {
  private readonly free: number[];

  /** @param free in any order; without lines there is no limit */
  constructor(free: readonly number[]) {
    // Ascending order is a heap already.
    this.free = [...free].sort((a, b) => a - b);
  }

  /** When the first line falls free; always, if there is no limit. */
  get earliest(): number {
    return this.free[0] ?? Number.NEGATIVE_INFINITY;
  }

  /** Takes the line that falls free first, until `until`. */
  occupy(until: number): void {
    const { free } = this;
    const size = free.length;
    if (size === 0) return;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && (free[child + 1] ?? 0) < (free[child] ?? 0)) child++;
      const next = free[child] ?? 0;
      if (next >= until) break;
      free[at] = next;
      at = child;
    }
    free[at] = until;
  }
}
