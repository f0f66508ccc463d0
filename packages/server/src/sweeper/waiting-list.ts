/** How long a call waits before it is asked about again, in milliseconds. */
export interface Gaps {
  readonly firstMs: number;
  readonly longestMs: number;
}

interface Entry {
  /** Of a clock that only goes forward. */
  dueAt: number;
  gapMs: number;
  /** The provider had no record when it was last asked. */
  hadNone: boolean;
}

/**
 * Calls that were asked about in vain, each with a gap that doubles. In memory only: after a restart they are asked
 * about once more, which costs a request.
 */
export class WaitingList {
  readonly #entries = new Map<string, Entry>();
  readonly #gaps: Gaps;

  constructor(gaps: Gaps) {
    this.#gaps = gaps;
  }

  isDue(key: string, clock: number): boolean {
    return (this.#entries.get(key)?.dueAt ?? clock) <= clock;
  }

  /** Asks again later. @param hasNone the provider has no record */
  postpone(key: string, clock: number, hasNone: boolean): void {
    const before = this.#entries.get(key);
    const gapMs = before ? Math.min(before.gapMs * 2, this.#gaps.longestMs) : this.#gaps.firstMs;
    this.#entries.set(key, { dueAt: clock + gapMs, gapMs, hadNone: hasNone });
  }

  /** True when the provider had no record at the last asking either. */
  hadNone(key: string): boolean {
    return this.#entries.get(key)?.hadNone ?? false;
  }

  /** Forgets every call but these. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#entries.keys()) if (!keys.has(key)) this.#entries.delete(key);
  }
}
