/** What a campaign could use of its account now. */
export interface Want {
  readonly id: string;
  /** Calls that it has under way. */
  readonly open: number;
  /** Calls that it could have under way: those, and what is ready, up to its own limit. */
  readonly most: number;
  /** Whether it could start a call at this moment. */
  readonly mayStart: boolean;
}

/**
 * Divides among wants so that nobody gets more than wanted, and whoever gets less than wanted gets no less than anybody
 * else (max-min fair). What somebody does not use goes to the others.
 */
export function maxMinShares(total: number, wants: readonly number[]): number[] {
  const shares = wants.map(() => 0);
  const ascending = wants.map((want, index) => ({ want, index })).sort((a, b) => a.want - b.want);
  let left = total;
  for (const [at, { want, index }] of ascending.entries()) {
    const share = Math.min(want, left / (ascending.length - at));
    shares[index] = share;
    left -= share;
  }
  return shares;
}

/**
 * Says whose call starts next, where campaigns share what their account may do. Slots of concurrency are divided max-min
 * fair; among the campaigns with a share left, the one starts that had fewest starts. So campaigns start equally often
 * but for those that want less, and nobody starves: whoever was idle neither has to wait nor makes up for it.
 */
export class FairShare {
  /** Starts of each campaign, counted from where those who were busy then stood. */
  readonly #starts = new Map<string, number>();
  #current = 0;

  /** @param slots calls that the account may have under way; may be infinite */
  next(wants: readonly Want[], slots: number): string | null {
    if (wants.reduce((sum, { open }) => sum + open, 0) >= slots) return null;
    const shares = maxMinShares(
      slots,
      wants.map(({ most }) => most),
    );
    const able = wants.filter(({ mayStart, open, most }, at) => mayStart && open < most && open < (shares[at] ?? 0));
    const [first] = able.sort((a, b) => this.#startsOf(a.id) - this.#startsOf(b.id));
    if (!first) return null;
    this.#current = this.#startsOf(first.id);
    this.#starts.set(first.id, this.#current + 1);
    this.#forget();
    return first.id;
  }

  #startsOf(id: string): number {
    return Math.max(this.#starts.get(id) ?? 0, this.#current);
  }

  /** Whoever is behind counts as being where the others are anyway. */
  #forget(): void {
    for (const [id, starts] of this.#starts) if (starts < this.#current) this.#starts.delete(id);
  }
}
