import { setTimeout as timeout } from 'node:timers/promises';

/** Clock and waiting as the outside world gives them; tests bring their own. */
export interface Effects {
  /** Epoch milliseconds, for what is shown and for what is due at a time of day. It may be set back or forward. */
  readonly now: () => number;
  /** Milliseconds of a clock that only goes forward, for how long something takes or waits. */
  readonly monotonic: () => number;
  /** Fulfils after `ms`, or early when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** One moment, by both clocks. */
export interface Instant {
  readonly now: number;
  readonly clock: number;
}

export function instantOf({ now, monotonic }: Pick<Effects, 'now' | 'monotonic'>): Instant {
  return { now: now(), clock: monotonic() };
}

export const realEffects: Effects = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await timeout(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
