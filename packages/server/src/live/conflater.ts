/** Runs a job soon after it is asked for, at most once in an interval and never twice at a time. */
export class Conflater {
  readonly #everyMs: number;
  readonly #job: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | null = null;
  #running = false;
  #again = false;
  #stopped = false;
  #lastStart = 0;

  constructor(everyMs: number, job: () => Promise<void>, onError: (error: unknown) => void) {
    this.#everyMs = everyMs;
    this.#job = job;
    this.#onError = onError;
  }

  request(): void {
    if (this.#stopped || this.#timer) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    const wait = Math.max(0, this.#lastStart + this.#everyMs - performance.now());
    this.#timer = setTimeout(() => void this.#run(), wait);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#timer = null;
    this.#running = true;
    this.#lastStart = performance.now();
    try {
      await this.#job();
    } catch (error) {
      this.#onError(error);
    }
    this.#running = false;
    if (!this.#again) return;
    this.#again = false;
    this.request();
  }
}
