import type { ErrorCode } from '@ringside/protocol';

/** What an operator asks first when no numbers come: do callbacks arrive, and are they refused? */
export interface Refusal {
  /** Whose callback it claimed to be. */
  readonly workspace: string;
  readonly at: number;
  readonly code: ErrorCode;
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
  readonly #refused = new Map<ErrorCode, number>();
  #lastRefusal: Refusal | null = null;

  verified(result: 'accepted' | 'unchanged' | 'aside', at: number): void {
    this.#lastCallbackAt = at;
    if (result === 'accepted') this.#accepted += 1;
    else if (result === 'unchanged') this.#unchanged += 1;
    else this.#aside += 1;
  }

  refused(refusal: Refusal): void {
    this.#refused.set(refusal.code, (this.#refused.get(refusal.code) ?? 0) + 1);
    this.#lastRefusal = refusal;
  }

  /** How often for each reason. */
  refusals(): readonly (readonly [ErrorCode, number])[] {
    return [...this.#refused];
  }

  /** A copy of the present counts. */
  read() {
    return {
      lastCallbackAt: this.#lastCallbackAt,
      accepted: this.#accepted,
      unchanged: this.#unchanged,
      aside: this.#aside,
      refused: [...this.#refused.values()].reduce((sum, count) => sum + count, 0),
      lastRefusal: this.#lastRefusal,
    };
  }
}
