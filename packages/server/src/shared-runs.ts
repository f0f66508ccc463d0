/**
 * Runs a job for many callers, one run at a time. Callers that come while one runs share the next, which begins after
 * they asked: none is given what was read before.
 */
export class SharedRuns<T> {
  readonly #job: () => Promise<T>;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<T> | null = null;

  constructor(job: () => Promise<T>) {
    this.#job = job;
  }

  run(): Promise<T> {
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = null;
        const run = this.#job();
        this.#running = run;
        return run;
      });
    return this.#next;
  }
}
