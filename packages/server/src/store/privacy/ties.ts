/** Which names belong together, by being tied to each other through any number of others. */
export class Ties {
  readonly #above = new Map<string, string>();

  tie(a: string, b: string): void {
    const [first, second] = [this.of(a), this.of(b)];
    if (first !== second) this.#above.set(second, first);
  }

  /** One of the names that this one is tied to, the same for all of them. */
  of(name: string): string {
    let top = name;
    for (let next = this.#above.get(top); next !== undefined; next = this.#above.get(top)) top = next;
    // Next time the way is short.
    for (let at = name; at !== top; ) {
      const next = this.#above.get(at) ?? top;
      this.#above.set(at, top);
      at = next;
    }
    return top;
  }
}
