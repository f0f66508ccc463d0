import { hash } from 'node:crypto';

const FEWEST_SLOTS = 1_024;

/** Remembers a million keys in some megabytes: of each only 52 bits of its hash. */
export class SeenKeys {
  /** 0 is a free slot. */
  #slots = new Float64Array(FEWEST_SLOTS);
  #size = 0;

  has(key: string): boolean {
    const mark = markOf(key);
    return this.#slots[this.#slotOf(mark)] === mark;
  }

  add(key: string): void {
    const mark = markOf(key);
    const slot = this.#slotOf(mark);
    if (this.#slots[slot] === mark) return;
    this.#slots[slot] = mark;
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
  }

  #slotOf(mark: number): number {
    let slot = mark % this.#slots.length;
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== mark) slot = (slot + 1) % this.#slots.length;
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    for (const mark of old) if (mark !== 0) this.#slots[this.#slotOf(mark)] = mark;
  }
}

function markOf(key: string): number {
  const digest = hash('sha1', key, 'buffer');
  return digest.readUIntBE(0, 6) * 16 + (digest.readUInt8(6) & 15) + 1;
}
