import type { Effects } from '../../effects.ts';

/** How often something may be done: `burst` times at once, then `perSecond`. */
export interface BucketLimits {
  readonly burst: number;
  readonly perSecond: number;
}

/** Keeps requests under a provider's limit, and stops them for as long as the provider asks. */
export class TokenBucket {
  readonly #limits: BucketLimits;
  readonly #effects: Pick<Effects, 'monotonic' | 'sleep'>;
  /** May be negative: what those who wait have taken already. */
  #tokens: number;
  #filledAt: number;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(limits: BucketLimits, effects: Pick<Effects, 'monotonic' | 'sleep'>) {
    this.#limits = limits;
    this.#effects = effects;
    this.#tokens = limits.burst;
    this.#filledAt = effects.monotonic();
  }

  /**
   * Waits for its turn, first come first served.
   * @returns false when that would take longer than `mostMs`, or the signal was aborted
   */
  async take(mostMs: number, signal: AbortSignal): Promise<boolean> {
    const { monotonic, sleep } = this.#effects;
    this.#fill();
    const waitMs = this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.#limits.perSecond) * 1000;
    if (Math.max(waitMs, this.#pausedUntil - monotonic()) > mostMs) return false;
    this.#tokens -= 1;
    if (waitMs > 0) await sleep(waitMs, signal);
    // The provider may ask for a pause while somebody waits.
    while (!signal.aborted && this.#pausedUntil > monotonic()) {
      if (this.#pausedUntil - monotonic() > mostMs) return false;
      await sleep(this.#pausedUntil - monotonic(), signal);
    }
    return !signal.aborted;
  }

  /** Lets nobody through for `ms` milliseconds. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#effects.monotonic() + ms);
  }

  #fill(): void {
    const at = this.#effects.monotonic();
    const added = ((at - this.#filledAt) / 1000) * this.#limits.perSecond;
    this.#tokens = Math.min(this.#limits.burst, this.#tokens + added);
    this.#filledAt = at;
  }
}
