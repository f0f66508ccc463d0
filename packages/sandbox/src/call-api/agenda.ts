import { createHeap } from '../heap.ts';

/** Tasks to do at their time, in the order of their times. */
export interface Agenda {
  /** @param time epoch milliseconds; a time that has passed means soon */
  readonly at: (time: number, task: () => void) => void;
  /** Forgets everything that was still to do. */
  readonly close: () => void;
}

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly task: () => void;
}

/** The most that a timer of the runtime can wait. */
const longestMs = 2 ** 31 - 1;

/** One timer for all tasks, however many wait. @param now epoch milliseconds */
export function createAgenda(now: () => number): Agenda {
  const entries = createHeap<Entry>((a, b) => a.time < b.time || (a.time === b.time && a.order < b.order));
  let timer: NodeJS.Timeout | undefined;
  let timerTime = Number.POSITIVE_INFINITY;
  let added = 0;
  let closed = false;

  const arm = () => {
    const next = entries.peek();
    if (closed || next === undefined || next.time >= timerTime) return;
    clearTimeout(timer);
    timerTime = next.time;
    timer = setTimeout(run, Math.min(longestMs, Math.max(0, next.time - now())));
  };

  const run = () => {
    timerTime = Number.POSITIVE_INFINITY;
    for (let next = entries.peek(); next !== undefined && next.time <= now() && !closed; next = entries.peek()) {
      entries.pop();
      next.task();
    }
    arm();
  };

  return {
    at: (time, task) => {
      entries.push({ time, order: added++, task });
      arm();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
