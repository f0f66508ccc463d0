import type { Placed } from './call-provider.ts';

/** What the dialer of this node did, for the operator. */
export class DialCounts {
  readonly #results = new Map<Placed['kind'], number>();
  readonly #refusals = new Map<string, number>();
  #proved = { placed: 0, notPlaced: 0 };
  breakersOpened = 0;
  /** Calls whose end only the provider's record told. */
  endsFound = 0;

  placed(result: Placed): void {
    add(this.#results, result.kind);
    if (result.kind === 'refused') add(this.#refusals, result.code);
  }

  /** A doubt ended. */
  resolved(as: 'placed' | 'not-placed'): void {
    if (as === 'placed') this.#proved = { ...this.#proved, placed: this.#proved.placed + 1 };
    else this.#proved = { ...this.#proved, notPlaced: this.#proved.notPlaced + 1 };
  }

  read() {
    return {
      results: [...this.#results],
      refusals: [...this.#refusals],
      proved: this.#proved,
      breakersOpened: this.breakersOpened,
      endsFound: this.endsFound,
    };
  }
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
