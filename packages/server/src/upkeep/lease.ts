import type { FastifyBaseLogger } from 'fastify';
import type { Effects } from '../effects.ts';
import type { Fence, LeaseTable } from '../store/among-nodes.ts';
import { StoreFault } from '../store/store.ts';

/** Whether this node may do work that only one node does. */
export interface Ownership {
  readonly isMine: boolean;
  /** What the store checks the work by; `null` where there is no other node. */
  readonly fence: Fence | null;
}

/** For a node that is alone with its store. */
export const soleOwner: Ownership = { isMine: true, fence: null };

/** An ownership that somebody begins and ends. */
export interface OwnLease extends Ownership {
  start(): void;
  stop(): Promise<void>;
}

/**
 * What the store is to check a step by.
 * @throws StoreFault when this node does not own the work any more: without a fence the step would not be checked at all
 */
export function fenceOf(owner: Ownership): Fence | null {
  const { fence } = owner;
  if (fence === null && !owner.isMine) throw new StoreFault('another node may do this work by now');
  return fence;
}

export interface LeaseParts {
  readonly name: string;
  /** Name of this node. */
  readonly owner: string;
  readonly table: LeaseTable;
  readonly effects: Pick<Effects, 'monotonic' | 'sleep'>;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
}

/** How long a node that died keeps others waiting, and how often the owner says that it lives. */
const LASTS_MS = 10_000;
const RENEW_EVERY_MS = 3_000;
/** Its owner cannot believe in it any more: it would have been renewed, whatever the database's clock says of its end. */
const FORSAKEN_AFTER_MS = LASTS_MS + RENEW_EVERY_MS;

/**
 * One lease, on the database's time. The owner counts from before it asked, by a clock that goes on while the process is
 * frozen: so it stops before anybody else begins. What it had sent by then, the store refuses by the fence. Where the
 * database's clock was set back, others wait no longer for it: they see that nobody renews it.
 */
export class Lease implements OwnLease {
  readonly #parts: LeaseParts;
  readonly #stopping = new AbortController();
  #token: number | null = null;
  #until = 0;
  /** Whose it is otherwise, and since when that was not renewed, of the clock that only goes forward. */
  #other: { readonly mark: string; readonly since: number } | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: LeaseParts) {
    this.#parts = parts;
  }

  get fence(): Fence | null {
    const { name, effects } = this.#parts;
    return this.#token !== null && effects.monotonic() < this.#until ? { name, token: this.#token } : null;
  }

  get isMine(): boolean {
    return this.fence !== null;
  }

  start(): void {
    this.#running = this.#keep(this.#stopping.signal);
  }

  /** Lets another node take over at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    if (this.#token === null) return;
    this.#token = null;
    const { table, name, owner } = this.#parts;
    await table.release(name, owner).catch(() => {});
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const { effects } = this.#parts;
    while (!signal.aborted) {
      await this.#renew();
      await effects.sleep(RENEW_EVERY_MS, signal);
    }
  }

  async #watch(isOthers: boolean): Promise<void> {
    const { name, table, effects } = this.#parts;
    const mark = isOthers ? await table.mark(name) : null;
    if (mark !== this.#other?.mark) this.#other = mark === null ? null : { mark, since: effects.monotonic() };
  }

  async #renew(): Promise<void> {
    const { name, owner, table, effects, log } = this.#parts;
    const askedAt = effects.monotonic();
    try {
      const isForsaken = this.#other !== null && askedAt - this.#other.since > FORSAKEN_AFTER_MS;
      const token = await table.take(name, owner, LASTS_MS, isForsaken ? this.#other?.mark : null);
      await this.#watch(token === null);
      if (token !== null && token !== this.#token)
        log.info({ lease: name }, 'this node does the work that one node does');
      this.#token = token;
      this.#until = askedAt + LASTS_MS;
    } catch (error) {
      // What is held stays so until its time is up.
      if (this.fence === null && this.#token !== null) {
        this.#token = null;
        log.warn({ err: error, lease: name }, 'the lease could not be renewed: another node may do its work');
      }
    }
  }
}
