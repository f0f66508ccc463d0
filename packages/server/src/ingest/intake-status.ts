/** What an operator asks first when no numbers come: do callbacks arrive, and are they refused? */
export interface Refusal {
  /** Whose callback it claimed to be. */
  readonly workspace: string;
  readonly at: number;
  readonly reason: string;
  /** The URL for which Ringside computed the signature. */
  readonly url: string;
}

/** Counts of callbacks since the start, in memory only. */
export class IntakeStatus {
  #lastCallbackAt: number | null = null;
  #accepted = 0;
  #unchanged = 0;
  #aside = 0;
  #refused = 0;
  #lastRefusal: Refusal | null = null;

  verified(result: 'accepted' | 'unchanged' | 'aside' | 'rejected', at: number): void {
    this.#lastCallbackAt = at;
    if (result === 'accepted') this.#accepted += 1;
    else if (result === 'unchanged') this.#unchanged += 1;
    else this.#aside += 1;
  }

  refused(refusal: Refusal): void {
    this.#refused += 1;
    this.#lastRefusal = refusal;
  }

  /** A copy of the present counts. */
  read() {
    return {
      lastCallbackAt: this.#lastCallbackAt,
      accepted: this.#accepted,
      unchanged: this.#unchanged,
      aside: this.#aside,
      refused: this.#refused,
      lastRefusal: this.#lastRefusal,
    };
  }
}
