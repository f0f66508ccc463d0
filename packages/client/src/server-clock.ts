import type { Timers } from './transport.ts';

/** Times of answers are exact to the second, and some travel longer than others. */
const SAME_WITHIN_MS = 1_500;

/**
 * What time it is for the server, as its answers tell. Nothing that is shown of it depends on how the clock of this machine
 * is set.
 */
export class ServerClock {
  readonly #timers: Timers;
  /** What to add to the clock that only goes forward; `null` while no answer told. */
  #aheadMs: number | null = null;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** @param date as an answer has it; an answer of another origin may hide it */
  hear(date: string | null): void {
    const at = Date.parse(date ?? '');
    if (Number.isNaN(at)) return;
    const aheadMs = at - this.#timers.now();
    if (this.#aheadMs === null || Math.abs(aheadMs - this.#aheadMs) > SAME_WITHIN_MS) this.#aheadMs = aheadMs;
  }

  /** Epoch milliseconds; by this machine’s clock while the server has not told. */
  now(): number {
    return this.#aheadMs === null ? Date.now() : this.#timers.now() + this.#aheadMs;
  }
}
