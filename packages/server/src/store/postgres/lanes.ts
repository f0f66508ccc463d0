/**
 * Work on campaigns: at most one piece of work for a campaign at a time, in order, and several campaigns side by side.
 * A second transaction of this node on one campaign could only wait for the first, and would hold a connection.
 */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(lanes: number) {
    this.#free = lanes;
  }

  run<T>(campaign: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(campaign) ?? Promise.resolve();
    const done = before.then(() => this.#inLane(work));
    const settled = done.then(
      () => {},
      () => {},
    );
    this.#last.set(campaign, settled);
    settled.then(() => {
      if (this.#last.get(campaign) === settled) this.#last.delete(campaign);
    });
    return done;
  }

  /** Fulfils when all work has ended. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }

  async #inLane<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((next) => this.#waiting.push(next));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
