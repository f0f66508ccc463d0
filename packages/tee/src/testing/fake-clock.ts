/** A clock that stands still until it is told to go on. */
export class FakeClock {
  #now = 1_000_000;
  #timers: { readonly at: number; readonly run: () => void; readonly keepsAlive: boolean }[] = [];
  /** What `random` gives. 0 leaves every back-off whole. */
  chance = 0;

  #steppedMs = 0;

  now = (): number => this.#now + this.#steppedMs;

  monotonic = (): number => this.#now;

  /** Somebody sets the clock; no time passes. */
  step(ms: number): void {
    this.#steppedMs += ms;
  }

  random = (): number => this.chance;

  after = (ms: number, run: () => void, keepsAlive: boolean): (() => void) => {
    const timer = { at: this.#now + ms, run, keepsAlive };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Timers that would keep the process from ending. */
  get keepingAlive(): number {
    return this.#timers.filter(({ keepsAlive }) => keepsAlive).length;
  }

  /** Lets time pass, timer by timer, and lets what they started settle. */
  async advance(ms: number): Promise<void> {
    await settled();
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** Lets promises that are already resolved run what follows them. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
