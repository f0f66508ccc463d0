/** What was seen within a time, so that it is known again. */
export class Seen<T> {
  readonly #keptMs: number;
  readonly #entries = new Map<string, { readonly at: number; readonly value: T }>();

  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  get(name: string): T | undefined {
    return this.#entries.get(name)?.value;
  }

  /** @param at epoch milliseconds; entries come in the order of their times, so the oldest stand first */
  add(name: string, value: T, at: number): void {
    for (const [known, entry] of this.#entries) {
      if (at - entry.at <= this.#keptMs) break;
      this.#entries.delete(known);
    }
    this.#entries.set(name, { at, value });
  }
}
