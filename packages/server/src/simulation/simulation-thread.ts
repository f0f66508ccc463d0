import { Worker } from 'node:worker_threads';

/** What the thread needs to play one campaign. */
export interface SimulationJob {
  /** Address at which this server listens. */
  readonly url: string;
  /** Key of the simulation's workspace. */
  readonly key: string;
  readonly campaignId: string;
  readonly name: string;
}

/** `simulation-worker.ts` with the sandbox, seen from the sources as from what is compiled. */
const BUNDLE = new URL('../../dist/threads/simulation-worker.js', import.meta.url);
const STOP_WITHIN_MS = 3_000;
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

/**
 * Plays a campaign in a thread of its own, over HTTP, as an external dialer would. A thread ends with its process, however
 * that ends. The sandbox is loaded there and nowhere else, and the environment of the server does not reach it.
 */
export class SimulationThread {
  readonly #worker: Worker;
  /** Rejects when the thread ends before the server knows the campaign. */
  readonly registered: Promise<void>;
  /** Fulfils with what went wrong, or `null`. */
  readonly ended: Promise<Error | null>;

  constructor(job: SimulationJob) {
    this.#worker = new Worker(BUNDLE, { workerData: job, resourceLimits: LIMITS, env: {} });
    let failure: Error | null = null;
    this.#worker.on('error', (error: Error) => {
      failure = error;
    });
    this.ended = new Promise((resolve) => this.#worker.on('exit', () => resolve(failure)));
    this.registered = new Promise((resolve, reject) => {
      this.#worker.on('message', () => resolve());
      this.ended.then((error) => reject(error ?? new Error('the simulation ended before it began')), reject);
    });
    // A caller that does not wait for the registration learns of a failure by `ended`.
    this.registered.catch(() => {});
  }

  /** Hangs up the live calls and cancels the campaign, or ends the thread where that takes too long. */
  async stop(): Promise<void> {
    this.#worker.postMessage('stop');
    const timer = setTimeout(() => void this.#worker.terminate(), STOP_WITHIN_MS);
    await this.ended;
    clearTimeout(timer);
  }
}
