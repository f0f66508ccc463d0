import { randomUUID } from 'node:crypto';

/** What a tee does to, or takes from, the world around it. */
export interface Effects {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds of a clock that only goes forward. */
  monotonic(): number;
  /** 0 up to 1. */
  random(): number;
  newId(): string;
  /**
   * Runs something later, once.
   *
   * @param keepsAlive whether the process may not end before
   * @returns what calls it off
   */
  after(ms: number, run: () => void, keepsAlive: boolean): () => void;
  fetch(url: string, init: RequestInit): Promise<Response>;
  warn(message: string, code: string): void;
}

export const realEffects: Effects = {
  now: Date.now,
  monotonic: () => performance.now(),
  random: Math.random,
  newId: randomUUID,
  after(ms, run, keepsAlive) {
    const timer = setTimeout(run, ms);
    if (!keepsAlive) timer.unref();
    return () => clearTimeout(timer);
  },
  fetch: (url, init) => fetch(url, init),
  warn: (message, code) => process.emitWarning(message, { type: 'RingsideTee', code }),
};
