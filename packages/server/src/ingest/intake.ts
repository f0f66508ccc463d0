import { type Store, StoreFault } from '../store/store.ts';
import { FairQueue, type Quotas } from './fair-queue.ts';
import { IntakeCounts } from './intake-counts.ts';
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
  /** Batches that the store is given at once; 1 when left out. */
  readonly inFlight?: number;
}

const noQuotas: Quotas = { perSecond: () => null, clock: () => performance.now() };

interface Waiting {
  readonly receipt: Receipt;
  readonly bytes: number;
  /** By the clock that never goes back. */
  readonly since: number;
  readonly resolve: (result: ReceiptResult) => void;
  readonly reject: (error: Error) => void;
}

/** A workspace may wait with so much of what intake holds; the rest is for the others. */
const MOST_OF_ONE_WORKSPACE = 0.8;
const SIGNED = 'plivo ';

/** Events by API were counted when they came in: only what a provider signed is held to the quota here. */
function laneOf({ kind, workspace }: Receipt): string {
  return kind === 'plivo' ? SIGNED + workspace : `api ${workspace}`;
}

function quotaOf(lane: string, quotas: Quotas): number | null {
  return lane.startsWith(SIGNED) ? quotas.perSecond(lane.slice(SIGNED.length)) : null;
}

/** What is over its quota is taken in so often, several in one commit. */
const QUOTA_STEP_MS = 20;

const TRIAL_WRITES = 8;

/** What a receipt weighs beside its text. */
const OVERHEAD_BYTES = 1_024;

/**
 * Group commit: while one transaction runs, the next batch fills; there is no fixed wait. A promise fulfils when its
 * receipt is durable.
 */
export class Intake {
  readonly counts = new IntakeCounts();
  readonly #waiting: FairQueue<Waiting>;
  #isStopping = false;
  /** The store did not take the last batch. */
  #isRefused = false;
  #trial: Promise<boolean> | null = null;
  readonly #running = new Set<Promise<void>>();
  /** Each ends one wait for what is over its quota. */
  readonly #wakes = new Set<() => void>();
  readonly #store: Pick<Store, 'apply'>;
  readonly #limits: IntakeLimits;
  readonly #onApplied: (applied: Applied) => void;

  constructor(
    store: Pick<Store, 'apply'>,
    limits: IntakeLimits,
    onApplied: (applied: Applied) => void,
    quotas: Quotas = noQuotas,
  ) {
    this.#waiting = new FairQueue({ ...quotas, perSecond: (lane) => quotaOf(lane, quotas) });
    this.#store = store;
    this.#limits = limits;
    this.#onApplied = onApplied;
  }

  /** @throws Overloaded when too much waits, StoreFault when storage does not work */
  submit(receipt: Receipt): Promise<ReceiptResult> {
    const bytes = OVERHEAD_BYTES + (receipt.kind === 'plivo' ? receipt.body.length + receipt.query.length : 0);
    const lane = laneOf(receipt);
    if (this.#isFull(lane, bytes)) {
      this.counts.count(receipt.kind, 'overloaded');
      return Promise.reject(new Overloaded());
    }
    return new Promise((resolve, reject) => {
      // Whoever has nothing waiting may well be within the quota that others are over.
      if (this.#waiting.of(lane).size === 0) for (const wake of this.#wakes) wake();
      this.#waiting.push(lane, { receipt, bytes, since: performance.now(), resolve, reject });
      if (this.#running.size < (this.#limits.inFlight ?? 1)) this.#begin();
    });
  }

  /**
   * Whether the store takes what comes in. Where it refused the last batch, it is asked to write again what several
   * callbacks take: so a server that nobody sends anything to any more finds out that its disk has room.
   */
  async takes(): Promise<boolean> {
    if (!this.#isRefused) return true;
    this.#trial ??= this.#tryToWrite().finally(() => {
      this.#trial = null;
    });
    return this.#trial;
  }

  async #tryToWrite(): Promise<boolean> {
    try {
      // A batch of nothing is written to the log of commits all the same.
      for (let writes = 0; writes < TRIAL_WRITES; writes += 1) await this.#store.apply([]);
      this.#isRefused = false;
      return true;
    } catch {
      return false;
    }
  }

  /** Receipts that wait for the store. */
  get depth(): number {
    return this.#waiting.size;
  }

  /** Their size together, roughly. */
  get bytes(): number {
    return this.#waiting.bytes;
  }

  /** The server stops: takes in at once what waits, over quota or not. Fulfils when all of it has been answered. */
  async finish(): Promise<void> {
    this.#isStopping = true;
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #begin(): void {
    // One turn of the event loop gathers what came in together.
    const turn = new Promise<void>((next) => setImmediate(next));
    const run: Promise<void> = turn.then(() => this.#drain(() => this.#running.delete(run)));
    this.#running.add(run);
  }

  /** @param ended told in the very turn in which nothing waits, so that what comes next begins anew */
  async #drain(ended: () => void): Promise<void> {
    while (this.#waiting.size > 0) {
      const batch = this.#waiting.take(this.#limits.batch, this.#isStopping);
      if (batch.length > 0) await this.#applyBatch(batch);
      else await this.#untilNextStep();
    }
    ended();
  }

  /** Everything that waits is over its workspace's quota; who is not waits for nobody. */
  async #untilNextStep(): Promise<void> {
    await new Promise<void>((due) => {
      const timer = setTimeout(() => wake(), QUOTA_STEP_MS);
      const wake = (): void => {
        clearTimeout(timer);
        this.#wakes.delete(wake);
        // As at the first: what came in together is taken together.
        setImmediate(due);
      };
      this.#wakes.add(wake);
    });
  }

  /** One workspace never fills the whole of intake. */
  #isFull(lane: string, bytes: number): boolean {
    const most = this.#limits;
    if (this.#waiting.size >= most.waiting || this.#waiting.bytes + bytes > most.bytes) return true;
    const own = this.#waiting.of(lane);
    return own.size >= most.waiting * MOST_OF_ONE_WORKSPACE || own.bytes + bytes > most.bytes * MOST_OF_ONE_WORKSPACE;
  }

  async #applyBatch(batch: readonly Waiting[]): Promise<void> {
    const begun = performance.now();
    try {
      const applied = await this.#store.apply(batch.map(({ receipt }) => receipt));
      const done = performance.now();
      this.#isRefused = false;
      this.counts.commits.observe((done - begun) / 1_000);
      this.counts.batches.observe(batch.length);
      this.#onApplied(applied);
      batch.forEach(({ receipt, since, resolve }, index) => {
        const result = applied.results[index] ?? { result: 'aside' };
        this.counts.count(receipt.kind, result.result);
        this.counts.durable.observe((done - since) / 1_000);
        resolve(result);
      });
    } catch (error) {
      this.#isRefused = true;
      const fault = error instanceof StoreFault ? error : new StoreFault('storage failed', { cause: error });
      for (const { receipt, reject } of batch) {
        this.counts.count(receipt.kind, 'failed');
        reject(fault);
      }
    }
  }
}
