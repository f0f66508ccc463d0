/** Work in the background, at most one of a name at a time. */
export class Jobs {
  readonly #running = new Map<string, Promise<void>>();
  readonly #ended: () => void;
  readonly #failed: (error: unknown, name: string) => void;

  /** @param ended after each piece of work. @param failed when one threw; nothing is done about it here */
  constructor(ended: () => void, failed: (error: unknown, name: string) => void) {
    this.#ended = ended;
    this.#failed = failed;
  }

  isRunning(name: string): boolean {
    return this.#running.has(name);
  }

  /** Does nothing while work of this name is under way. */
  run(name: string, work: () => Promise<void>): void {
    if (this.#running.has(name)) return;
    const running = work()
      .catch((error: unknown) => this.#failed(error, name))
      .finally(() => {
        this.#running.delete(name);
        this.#ended();
      });
    this.#running.set(name, running);
  }

  /** Fulfils when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }
}
