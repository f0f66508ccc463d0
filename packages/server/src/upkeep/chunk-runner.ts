import type { FastifyBaseLogger } from 'fastify';
import type { Applied, Touched } from '../ingest/receipt.ts';
import type { Fence } from '../store/among-nodes.ts';
import { StoreIsAway } from '../store/store.ts';
import type { Ownership } from './lease.ts';

/** Work on the store that is done a chunk at a time, so that intake goes on in between. */
export interface ChunkWork {
  /** For the log, such as `deleting old records`. */
  readonly what: string;
  /** One chunk. @param now epoch milliseconds @returns `more` while there is more to do */
  readonly step: (
    now: number,
    fence: Fence | null,
  ) => Promise<{ readonly touched: readonly Touched[]; readonly more: boolean }>;
  readonly everyMs: number;
}

export interface ChunkEffects {
  /** Whether it is this node that does it; any other leaves it alone. */
  readonly owner: Ownership;
  readonly now: () => number;
  /** Tells caches and live viewers what a chunk changed. */
  readonly publish: (applied: Applied) => void;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
}

/** Does such work at the start, then every so often, and when asked. */
export class ChunkRunner {
  readonly #work: ChunkWork;
  readonly #effects: ChunkEffects;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #isAsked = false;
  #isStopped = false;
  #chunks = 0;
  #failures = 0;

  constructor(work: ChunkWork, effects: ChunkEffects) {
    this.#work = work;
    this.#effects = effects;
  }

  start(): void {
    this.#timer = setInterval(() => void this.run(), this.#work.everyMs);
    void this.run();
  }

  /** Fulfils when there is nothing left to do, or when it cannot go on now. */
  run(): Promise<void> {
    this.#isAsked = true;
    this.#running ??= this.#drain()
      .catch((error: unknown) => {
        this.#failures += 1;
        // That it is away was said once, for all.
        if (!(error instanceof StoreIsAway))
          this.#effects.log.error({ err: error }, `${this.#work.what} stopped; it is tried again later`);
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#running;
  }

  /** What it did since the start. */
  read(): { readonly chunks: number; readonly failures: number; readonly isRunning: boolean } {
    return { chunks: this.#chunks, failures: this.#failures, isRunning: this.#running !== null };
  }

  async #drain(): Promise<void> {
    const { now, publish, owner } = this.#effects;
    let more = false;
    while ((more || this.#isAsked) && !this.#isStopped && owner.isMine) {
      this.#isAsked = false;
      const step = await this.#work.step(now(), owner.fence);
      this.#chunks += 1;
      if (step.touched.length > 0) publish({ results: [], touched: step.touched });
      more = step.more;
    }
  }
}
