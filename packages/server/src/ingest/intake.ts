import { type Store, StoreFault } from '../store/store.ts';
import type { Applied, Receipt, ReceiptResult } from './receipt.ts';

/** More is waiting than intake holds; the sender should try again. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

export interface IntakeLimits {
  /** Receipts that may wait for the store. */
  readonly waiting: number;
  /** Their size together, roughly, in bytes. */
  readonly bytes: number;
  /** Receipts of one transaction. */
  readonly batch: number;
}

interface Waiting {
  readonly receipt: Receipt;
  readonly bytes: number;
  readonly resolve: (result: ReceiptResult) => void;
  readonly reject: (error: Error) => void;
}

/** What a receipt weighs beside its text. */
const OVERHEAD_BYTES = 1_024;

/**
 * Group commit: while one transaction runs, the next batch fills; there is no fixed wait. A promise fulfils when its
 * receipt is durable.
 */
export class Intake {
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #running: Promise<void> | null = null;
  readonly #store: Pick<Store, 'apply'>;
  readonly #limits: IntakeLimits;
  readonly #onApplied: (applied: Applied) => void;

  constructor(store: Pick<Store, 'apply'>, limits: IntakeLimits, onApplied: (applied: Applied) => void) {
    this.#store = store;
    this.#limits = limits;
    this.#onApplied = onApplied;
  }

  /** @throws Overloaded when too much waits, StoreFault when storage does not work */
  submit(receipt: Receipt): Promise<ReceiptResult> {
    const bytes = OVERHEAD_BYTES + (receipt.kind === 'plivo' ? receipt.body.length + receipt.query.length : 0);
    const isFull = this.#waiting.length >= this.#limits.waiting || this.#bytes + bytes > this.#limits.bytes;
    if (isFull) return Promise.reject(new Overloaded());
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ receipt, bytes, resolve, reject });
      // One turn of the event loop gathers what came in together.
      this.#running ??= new Promise<void>((next) => setImmediate(next)).then(() => this.#drain());
    });
  }

  /** Receipts that wait for the store. */
  get depth(): number {
    return this.#waiting.length;
  }

  /** Fulfils when everything submitted so far has been answered. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#applyBatch(this.#waiting.splice(0, this.#limits.batch));
    this.#running = null;
  }

  async #applyBatch(batch: readonly Waiting[]): Promise<void> {
    for (const { bytes } of batch) this.#bytes -= bytes;
    try {
      const applied = await this.#store.apply(batch.map(({ receipt }) => receipt));
      this.#onApplied(applied);
      batch.forEach(({ resolve }, index) => {
        resolve(applied.results[index] ?? { result: 'aside' });
      });
    } catch (error) {
      const fault = error instanceof StoreFault ? error : new StoreFault('storage failed', { cause: error });
      for (const { reject } of batch) reject(fault);
    }
  }
}
