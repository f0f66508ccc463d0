import { UNREGISTERED_LIMIT } from '../limits.ts';
import type { Store } from '../store.ts';

/** Where a store is, empty at first. */
export interface StorePlace {
  /** Opens it. A store that was opened before is closed first, unless its kind serves several nodes. */
  open(unregisteredLimit?: number): Promise<Store>;
  /** Everything that the doctor finds wrong, whether the store is open or not. */
  differences(now: number): Promise<string[]>;
  /** Brings a closed store back to the schema before campaigns had events of their own. */
  takeBack(): Promise<void>;
  /** Every text in every table, whatever for. */
  texts(): Promise<string>;
  remove(): Promise<void>;
}

/** A kind of store that keeps the contract. */
export interface StoreKind {
  readonly name: string;
  place(): Promise<StorePlace>;
}

/** Opens stores for the tests of one file, and closes what they leave open. */
export class Places {
  readonly #kind: () => StoreKind;
  #open: { store: Store; place: StorePlace }[] = [];

  constructor(kind: () => StoreKind) {
    this.#kind = kind;
  }

  /** A store over an empty place. */
  async store(unregisteredLimit = UNREGISTERED_LIMIT): Promise<Store> {
    const place = await this.#kind().place();
    const store = await place.open(unregisteredLimit);
    this.#open.push({ store, place });
    return store;
  }

  /** Where a store is. */
  of(store: Store): StorePlace {
    return this.#find(store).place;
  }

  /** The same place as a restart finds it. @param meanwhile what happens to it while it is closed */
  async reopened(store: Store, meanwhile?: (place: StorePlace) => Promise<void>): Promise<Store> {
    const found = this.#find(store);
    await store.close();
    await meanwhile?.(found.place);
    found.store = await found.place.open();
    return found.store;
  }

  async clear(): Promise<void> {
    for (const { store, place } of this.#open) {
      await store.close();
      await place.remove();
    }
    this.#open = [];
  }

  #find(store: Store): { store: Store; place: StorePlace } {
    const found = this.#open.find((one) => one.store === store);
    if (!found) throw new Error('not a store of this test');
    return found;
  }
}
