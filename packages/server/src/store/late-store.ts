import { must } from '@ringside/core';
import type { FastifyBaseLogger } from 'fastify';
import type { Effects } from '../effects.ts';
import { accessStoreOver } from './access/work.ts';
import type { SharedStore } from './among-nodes.ts';
import { dialStoreBy } from './dialing/work.ts';
import { type Store, StoreIsAway, StoreNotThere } from './store.ts';

export interface LateStoreParts {
  /** Opens the store. Rejects with {@link StoreNotThere} where it is worth another try. */
  readonly open: () => Promise<Store>;
  /** Fulfils when storage answers; gives up by itself after some seconds. */
  readonly probe: () => Promise<unknown>;
  readonly endProbe: () => Promise<unknown>;
  readonly effects: Pick<Effects, 'sleep'>;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
}

/** A start waits so long for the first try, and goes on without the store then. */
const FIRST_TRY_MS = 4_000;
const OPEN_EVERY_MS = 500;
const PROBE_EVERY_MS = 250;
/** With the time between two probes, nobody waits two seconds to hear that storage is away. */
const PROBE_WITHIN_MS = 1_500;

/**
 * A store that may be away, at the start and later. While it is, every call but `apply` is refused at once: requests
 * that wait for a database which is frozen would pile up behind its few connections. What waits when it goes away is
 * refused then, whatever becomes of it. Only a probe finds out that it is back.
 */
export class LateStore {
  readonly store: Store;
  /** Fulfils when the store was opened. Rejects with a `StoreOpenError` that no waiting cures. */
  readonly opened: Promise<void>;
  readonly #parts: LateStoreParts;
  readonly #stop = new AbortController();
  /** Refuses each call that waits. */
  readonly #waiting = new Set<(error: Error) => void>();
  #inner: Store | null = null;
  #isThere = false;
  #tried = (): void => {};
  readonly #firstTry: Promise<void>;

  private constructor(parts: LateStoreParts) {
    this.#parts = parts;
    this.#firstTry = new Promise((resolve) => {
      this.#tried = resolve;
    });
    this.opened = this.#open();
    this.opened.then(
      () => this.#watch(),
      () => {},
    );
    this.store = this.#makeStore();
  }

  /**
   * Opens the store, or goes on trying in the background.
   * @throws StoreOpenError for what no waiting cures, where the first try shows it
   */
  static async open(parts: LateStoreParts): Promise<LateStore> {
    const late = new LateStore(parts);
    const patience = new AbortController();
    const longest = parts.effects.sleep(FIRST_TRY_MS, patience.signal);
    try {
      await Promise.race([late.opened, late.#firstTry, longest]);
    } finally {
      patience.abort();
    }
    return late;
  }

  /** False until the store is open, and whenever it does not answer. */
  get isThere(): boolean {
    return this.#isThere;
  }

  async #open(): Promise<void> {
    const { open, effects, log } = this.#parts;
    for (let said = ''; !this.#stop.signal.aborted; ) {
      try {
        const inner = await open();
        if (this.#stop.signal.aborted) return void inner.close();
        this.#inner = inner;
        this.#isThere = true;
        return;
      } catch (error) {
        if (!(error instanceof StoreNotThere)) throw error;
        if (error.message !== said) log.warn(`${error.message}: it is tried again until it opens`);
        said = error.message;
        this.#tried();
      }
      await effects.sleep(OPEN_EVERY_MS, this.#stop.signal);
    }
  }

  async #watch(): Promise<void> {
    const { effects } = this.#parts;
    while (!this.#stop.signal.aborted) {
      await effects.sleep(PROBE_EVERY_MS, this.#stop.signal);
      if (await this.#answers()) this.#comeBack();
      else this.#goAway();
    }
  }

  /** Two failures in a row: one may be a single connection that broke. */
  async #answers(): Promise<boolean> {
    return (await this.#ask()) || (await this.#ask());
  }

  async #ask(): Promise<boolean> {
    let answer: boolean | null = null;
    const asked = this.#parts.probe().then(
      () => {
        answer = true;
      },
      () => {
        answer = false;
      },
    );
    const answered = new AbortController();
    await Promise.race([asked, this.#parts.effects.sleep(PROBE_WITHIN_MS, answered.signal)]);
    answered.abort();
    // Where this process itself was held up, the answer may lie there unread.
    for (let turn = 0; turn < 2 && answer === null; turn += 1) await new Promise((next) => setImmediate(next));
    if (answer === null && !this.#stop.signal.aborted) {
      this.#goAway();
      await asked;
    }
    return answer ?? false;
  }

  #goAway(): void {
    if (!this.#isThere || this.#stop.signal.aborted) return;
    this.#isThere = false;
    this.#parts.log.warn('PostgreSQL does not answer: callbacks wait in the spool, and what needs it is answered 503');
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const refuse of waiting) refuse(new StoreIsAway('PostgreSQL does not answer'));
  }

  #comeBack(): void {
    if (this.#isThere) return;
    this.#isThere = true;
    this.#parts.log.info('PostgreSQL answers again');
  }

  /** Every method of the store that is not named here is called as it is, while the store is there. */
  #makeStore(): Store {
    const own: Partial<Store> = {
      // Whoever stores receipts has a time limit of its own, and minds what becomes of them after it.
      apply: async (receipts) => this.#there().apply(receipts),
      // A caller is on the line: what was known last is better than nothing.
      answerXml: async (workspace, id) => {
        const known = this.#inner?.knownAnswerXml?.(workspace, id);
        if (!this.#isThere && known !== undefined) return known;
        return this.#untilAway((store) => store.answerXml(workspace, id));
      },
      access: accessStoreOver((name, args) =>
        this.#untilAway((store) => (store.access[name] as (...all: readonly unknown[]) => Promise<unknown>)(...args)),
      ),
      dial: dialStoreBy((name, args) =>
        this.#untilAway((store) => (store.dial[name] as (...all: readonly unknown[]) => Promise<unknown>)(...args)),
      ),
      shared: this.#makeShared(),
      close: () => this.#close(),
    };
    const call =
      (name: keyof Store) =>
      (...args: unknown[]): Promise<unknown> =>
        this.#untilAway((store) => (store[name] as (...all: unknown[]) => Promise<unknown>)(...args));
    return new Proxy(own as Store, {
      // A promise asks whether it was given another one.
      get: (named, name) => (name === 'then' ? undefined : (Reflect.get(named, name) ?? call(name as keyof Store))),
    });
  }

  /** Only PostgreSQL may be late, and its nodes share it. */
  #makeShared(): SharedStore {
    const shared = <T>(work: (shared: SharedStore) => Promise<T>): Promise<T> =>
      this.#untilAway((store) => work(must(store.shared, 'a store that may be late is one of several nodes')));
    const inner = (): Store | null => this.#inner;
    return {
      get id() {
        return inner()?.shared?.id ?? '';
      },
      versions: (campaigns) => shared((one) => one.versions(campaigns)),
      newestVersions: (workspaces, most) => shared((one) => one.newestVersions(workspaces, most)),
      leases: {
        take: (...args) => shared(({ leases }) => leases.take(...args)),
        mark: (name) => shared(({ leases }) => leases.mark(name)),
        release: (...args) => shared(({ leases }) => leases.release(...args)),
      },
    };
  }

  #there(): Store {
    if (!this.#inner || !this.#isThere) throw new StoreIsAway('PostgreSQL is away');
    return this.#inner;
  }

  async #untilAway<T>(work: (store: Store) => Promise<T>): Promise<T> {
    const working = work(this.#there());
    return new Promise<T>((resolve, reject) => {
      this.#waiting.add(reject);
      working.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#inner?.close(), this.#parts.endProbe()]);
  }
}
