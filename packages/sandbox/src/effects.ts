import { randomBytes } from 'node:crypto';
import { setTimeout as timeout } from 'node:timers/promises';

/** Clock, waiting and chance as the outside world gives them; tests bring their own. */
export interface Effects {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Resolves after `ms`, or early when `signal` is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A number that no other callback carries, as long as Plivo's. */
  readonly nonce: () => string;
}

export const realEffects: Effects = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await timeout(ms, undefined, signal ? { signal } : undefined);
    } catch (cause) {
      if (!signal?.aborted) throw cause;
    }
  },
  nonce: () => String(randomBytes(8).readBigUInt64BE()).padStart(20, '0'),
};
