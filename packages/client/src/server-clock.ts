import type { Timers } from './transport.ts';

/** Tolerance for `Date` headers: exact to the second, and delayed by the network. */
const SAME_WITHIN_MS = 1_500;

/** Server’s time, as read from the `Date` of its answers: what a page shows must not depend on the clock of its machine. */
export class ServerClock {
  readonly #timers: Timers;
  /** Offset from the monotonic clock to the server’s time; `null` before the first answer. */
  #aheadMs: number | null = null;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** @param date header of an answer; `null` where another origin hides it */
  hear(date: string | null): void {
    const at = Date.parse(date ?? '');
    if (Number.isNaN(at)) return;
    const aheadMs = at - this.#timers.now();
    if (this.#aheadMs === null || Math.abs(aheadMs - this.#aheadMs) > SAME_WITHIN_MS) this.#aheadMs = aheadMs;
  }

  /** Epoch milliseconds; this machine’s time before the first answer. */
  now(): number {
    return this.#aheadMs === null ? Date.now() : this.#timers.now() + this.#aheadMs;
  }
}
