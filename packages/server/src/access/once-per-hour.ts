const HOUR_MS = 3_600_000;
const MOST_REMEMBERED = 100_000;

/** Remembers on this node what came up in the present hour of the clock, so that it is recorded once. */
export class OncePerHour {
  readonly #now: () => number;
  readonly #known = new Set<string>();
  #hour = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns true the first time in this hour */
  isFirst(name: string): boolean {
    const hour = Math.floor(this.#now() / HOUR_MS);
    if (hour !== this.#hour || this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#hour = hour;
    if (this.#known.has(name)) return false;
    this.#known.add(name);
    return true;
  }

  /** It could not be recorded: the next time counts as the first. */
  forget(name: string): void {
    this.#known.delete(name);
  }
}
