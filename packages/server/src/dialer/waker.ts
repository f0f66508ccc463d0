/** A sleep that anybody may end. */
export class Waker {
  #wake: (() => void) | null = null;
  #isWoken = false;

  /** Fulfils after `ms`, or as soon as somebody wakes it: at once if that was since the last sleep. */
  async sleep(ms: number): Promise<void> {
    if (!this.#isWoken && ms > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = null;
    this.#isWoken = false;
  }

  readonly wake = (): void => {
    this.#isWoken = true;
    this.#wake?.();
  };
}
