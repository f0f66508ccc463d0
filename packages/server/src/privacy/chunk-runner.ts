import type { FastifyBaseLogger } from 'fastify';
import type { Applied, Touched } from '../ingest/receipt.ts';
import { StoreIsAway } from '../store/store.ts';

/** Work on the store that is done a chunk at a time, so that intake goes on in between. */
export interface ChunkWork {
  /** For the log, such as `deleting old records`. */
  readonly what: string;
  /** One chunk. @param now epoch milliseconds @returns `more` while there is more to do */
  readonly step: (now: number) => Promise<{ readonly touched: readonly Touched[]; readonly more: boolean }>;
  readonly everyMs: number;
}

export interface ChunkEffects {
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

  async #drain(): Promise<void> {
    const { now, publish } = this.#effects;
    let more = false;
    while ((more || this.#isAsked) && !this.#isStopped) {
      this.#isAsked = false;
      const step = await this.#work.step(now());
      if (step.touched.length > 0) publish({ results: [], touched: step.touched });
      more = step.more;
    }
  }
}
