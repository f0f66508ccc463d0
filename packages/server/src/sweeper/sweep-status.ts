/** What the sweeper did since the start, in memory only. Operators read it at `GET /v1/intake`. */
export class SweepStatus {
  #lastRunAt: number | null = null;
  #waiting = 0;
  #reconciled = 0;
  #lost = 0;
  #unavailable = 0;
  #warning: string | null = null;
  /** Kinds of failure that somebody was told of since the provider last answered. */
  readonly #told = new Set<string>();

  /** A round is over. @param waiting calls whose time is up and that still have no end */
  ran(at: number, waiting: number): void {
    this.#lastRunAt = at;
    this.#waiting = waiting;
  }

  reconciled(): void {
    this.#reconciled += 1;
  }

  lost(): void {
    this.#lost += 1;
  }

  /** The provider could not say. @returns true when nobody was told of this kind of failure yet */
  failed(kind: 'unavailable' | 'refused', reason: string): boolean {
    const isNews = !this.#told.has(kind);
    this.#told.add(kind);
    this.#unavailable += 1;
    this.#warning = reason;
    return isNews;
  }

  /** The provider answers. @returns true when it had not before */
  available(): boolean {
    const isNews = this.#told.size > 0;
    this.#told.clear();
    this.#warning = null;
    return isNews;
  }

  /** A copy of the present counts. */
  read() {
    return {
      lastRunAt: this.#lastRunAt,
      waiting: this.#waiting,
      reconciled: this.#reconciled,
      lost: this.#lost,
      unavailable: this.#unavailable,
      warning: this.#warning,
    };
  }
}
