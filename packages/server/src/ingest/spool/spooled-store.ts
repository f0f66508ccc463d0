import type { FastifyBaseLogger } from 'fastify';
import type { Effects } from '../../effects.ts';
import { type Store, StoreFault } from '../../store/store.ts';
import type { Applied, Receipt } from '../receipt.ts';
import type { Spool } from './spool.ts';

export interface SpooledStoreParts {
  readonly store: Pick<Store, 'apply'>;
  readonly spool: Spool;
  readonly effects: Effects;
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'info' | 'error'>;
  /** Told what was applied after its senders had been answered. */
  readonly onApplied: (applied: Applied) => void;
}

/** How the spool stands. It takes more while `bytes` is below `capBytes`. */
export interface SpoolStatus {
  readonly isAway: boolean;
  readonly bytes: number;
  readonly capBytes: number;
}

/** Longer than this nobody waits for the store: what they sent is safe on the disk. */
const ANSWER_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 250;
const BATCH = 500;

/**
 * A store that is never away: what it does not take in time waits in the spool. Once one batch had to wait, the next
 * ones go straight into the spool, behind it, until all of it is drained: so receipts stay in order.
 */
export class SpooledStore implements Pick<Store, 'apply'> {
  readonly #parts: SpooledStoreParts;
  readonly #stop = new AbortController();
  #isAway: boolean;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: SpooledStoreParts) {
    this.#parts = parts;
    this.#isAway = !parts.spool.isEmpty;
  }

  /** True while receipts go into the spool. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** How the spool stands. */
  read(): SpoolStatus {
    const { bytes, capBytes } = this.#parts.spool;
    return { isAway: this.#isAway, bytes, capBytes };
  }

  async apply(receipts: readonly Receipt[]): Promise<Applied> {
    if (this.#isAway) return this.#spooled(receipts);
    const applied = this.#parts.store.apply(receipts);
    const waiting = new AbortController();
    const late = this.#parts.effects.sleep(ANSWER_WITHIN_MS, waiting.signal).then(() => null);
    const sooner = await Promise.race([applied.catch(asFault), late]).finally(() => waiting.abort());
    if (sooner !== null && !(sooner instanceof StoreFault)) return sooner;
    this.#goAway(sooner);
    // It may still succeed. What the spool gives it later is then known already, so this is the time to tell.
    if (sooner === null) applied.then(this.#parts.onApplied, () => {});
    return this.#spooled(receipts);
  }

  /** Drains whenever there is something to drain, and goes on with what an earlier process left. */
  run(): void {
    this.#running = this.#work();
  }

  /** Stops draining. What is left waits for the next start. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#parts.spool.close();
  }

  async #work(): Promise<void> {
    const { effects, log } = this.#parts;
    while (!this.#stop.signal.aborted) {
      try {
        while (this.#isAway && !this.#stop.signal.aborted) await this.#drainBatch();
      } catch (error) {
        if (!(error instanceof StoreFault)) log.error({ err: error }, 'draining the spool failed; it is tried again');
      }
      await effects.sleep(LOOK_EVERY_MS, this.#stop.signal);
    }
  }

  async #drainBatch(): Promise<void> {
    const { store, spool, effects, log, onApplied } = this.#parts;
    const batch = await spool.next(BATCH);
    if (!batch) {
      // Nothing waits between the two, so nothing can come in that would be left behind.
      this.#isAway = !spool.isEmpty;
      if (!this.#isAway) log.info('the store is back and the spool is drained');
      return;
    }
    const applied = await store.apply(batch.receipts);
    for (const [place, result] of applied.results.entries()) {
      const receipt = batch.receipts[place];
      if (receipt && result.result === 'rejected') await spool.bury(receipt, result.code, effects.now());
    }
    await batch.done();
    onApplied(applied);
  }

  async #spooled(receipts: readonly Receipt[]): Promise<Applied> {
    await this.#parts.spool.append(receipts);
    return { results: receipts.map(() => ({ result: 'aside' })), touched: [] };
  }

  #goAway(fault: StoreFault | null): void {
    if (!this.#isAway) this.#parts.log.warn({ err: fault }, 'the store does not answer: receipts wait in the spool');
    this.#isAway = true;
  }
}

/** Any other error is a fault of the program, and no reason to believe that it goes away by waiting. */
function asFault(error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  throw error;
}
