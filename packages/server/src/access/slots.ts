/** How many of something costly each workspace may have at once. */
export class Slots {
  readonly #most: number;
  readonly #taken = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns what gives the slot back, once however often it is called; `null` when all are taken */
  take(workspace: string): (() => void) | null {
    const taken = this.#taken.get(workspace) ?? 0;
    if (taken >= this.#most) return null;
    this.#taken.set(workspace, taken + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#taken.get(workspace) ?? 1) - 1;
      if (left === 0) this.#taken.delete(workspace);
      else this.#taken.set(workspace, left);
    };
  }
}
