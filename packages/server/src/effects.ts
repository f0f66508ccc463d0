import { setTimeout as timeout } from 'node:timers/promises';

/** Clock and waiting as the outside world gives them; tests bring their own. */
export interface Effects {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Fulfils after `ms`, or early when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const realEffects: Effects = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await timeout(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
