import type { FastifyBaseLogger } from 'fastify';
import type { Applied } from '../ingest/receipt.ts';
import type { Store } from '../store/store.ts';

/** Drives the scoring of past calls by new rules, chunk by chunk, so that intake goes on in between. */
export class Rescorer {
  readonly #store: Pick<Store, 'rescoreStep'>;
  readonly #publish: (applied: Applied) => void;
  readonly #log: FastifyBaseLogger;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(store: Pick<Store, 'rescoreStep'>, publish: (applied: Applied) => void, log: FastifyBaseLogger) {
    this.#store = store;
    this.#publish = publish;
    this.#log = log;
  }

  /** Begins, or goes on with what a restart interrupted. */
  run(): void {
    this.#running ??= this.#work()
      .catch((error: unknown) =>
        this.#log.error({ err: error }, 'scoring past calls stopped; it goes on at the next start'),
      )
      .finally(() => {
        this.#running = null;
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #work(): Promise<void> {
    for (let more = true; more && !this.#stopped; ) {
      const step = await this.#store.rescoreStep(Date.now());
      if (step.touched.length > 0) this.#publish({ results: [], touched: step.touched });
      more = step.more;
    }
  }
}
