import type { Effects } from '../../effects.ts';

/** How often something may be done: `burst` times at once, then `perSecond`. */
export interface BucketLimits {
  readonly burst: number;
  readonly perSecond: number;
}

/** Keeps requests under a provider's limit, and stops them for as long as the provider asks. */
export class TokenBucket {
  readonly #limits: BucketLimits;
  readonly #effects: Effects;
  /** May be negative: what those who wait have taken already. */
  #tokens: number;
  #filledAt: number;
  #pausedUntil = 0;

  constructor(limits: BucketLimits, effects: Effects) {
    this.#limits = limits;
    this.#effects = effects;
    this.#tokens = limits.burst;
    this.#filledAt = effects.now();
  }

  /**
   * Waits for its turn, first come first served.
   * @returns false when that would take longer than `mostMs`, or the signal was aborted
   */
  async take(mostMs: number, signal: AbortSignal): Promise<boolean> {
    const { now, sleep } = this.#effects;
    this.#fill();
    const waitMs = this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.#limits.perSecond) * 1000;
    if (Math.max(waitMs, this.#pausedUntil - now()) > mostMs) return false;
    this.#tokens -= 1;
    if (waitMs > 0) await sleep(waitMs, signal);
    // The provider may ask for a pause while somebody waits.
    while (!signal.aborted && this.#pausedUntil > now()) {
      if (this.#pausedUntil - now() > mostMs) return false;
      await sleep(this.#pausedUntil - now(), signal);
    }
    return !signal.aborted;
  }

  /** Lets nobody through for `ms` milliseconds. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#effects.now() + ms);
  }

  #fill(): void {
    const at = this.#effects.now();
    const added = ((at - this.#filledAt) / 1000) * this.#limits.perSecond;
    this.#tokens = Math.min(this.#limits.burst, this.#tokens + Math.max(0, added));
    this.#filledAt = at;
  }
}
