/** However slow the timers are: nobody catches up on more than this, or on one call where that is longer. */
const MOST_BEHIND_MS = 500;
const BEGINNING = Number.NEGATIVE_INFINITY;

/**
 * Lets calls start evenly: at two a second, one each 500 ms, and never two at once after a rest. A call that starts late
 * does not delay the ones after it, so the pace holds over minutes however the timers drift. Times are milliseconds of
 * any clock that only goes forward.
 */
export class Pacer {
  #perSecond: number;
  /** When the next call may start. */
  #nextAt = BEGINNING;

  /** @param perSecond above 0; fractions are fine */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  /** Counts at once: nobody waits out the gap of a slower pace. */
  setPace(perSecond: number, now: number): void {
    if (perSecond === this.#perSecond) return;
    this.#perSecond = perSecond;
    this.#nextAt = Math.min(this.#nextAt, now + this.#gapMs);
  }

  /** When the next call may start; the past means now. */
  get nextAt(): number {
    return this.#nextAt;
  }

  mayStart(now: number): boolean {
    return this.#nextAt <= now;
  }

  /** A call starts now. */
  start(now: number): void {
    const behind = Math.max(MOST_BEHIND_MS, this.#gapMs);
    const meant = this.#nextAt === BEGINNING ? now : Math.max(this.#nextAt, now - behind);
    this.#nextAt = meant + this.#gapMs;
  }

  /** There is nothing to start: the time that passes is not made up for. */
  rest(now: number): void {
    this.#nextAt = Math.max(this.#nextAt, now);
  }

  get #gapMs(): number {
    return 1_000 / this.#perSecond;
  }
}
