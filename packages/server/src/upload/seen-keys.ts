import { hash } from 'node:crypto';
import { must } from '@ringside/core';

const SHARDS = 256;
const FEWEST_SLOTS = 16;
/** Of its slots so many may be taken before a shard grows. */
const FULL = 0.75;

/** Remembers a million keys in some megabytes: of each only 52 bits of its hash. */
export class SeenKeys {
  // One large table would be there twice while it grows.
  readonly #shards = Array.from({ length: SHARDS }, () => new Shard());

  has(key: string): boolean {
    const mark = markOf(key);
    return this.#shardOf(mark).has(mark);
  }

  add(key: string): void {
    const mark = markOf(key);
    this.#shardOf(mark).add(mark);
  }

  #shardOf(mark: number): Shard {
    return must(this.#shards[mark % SHARDS], 'every mark has a shard');
  }
}

class Shard {
  /** 0 is a free slot. */
  #slots = new Float64Array(FEWEST_SLOTS);
  #size = 0;

  has(mark: number): boolean {
    return this.#slots[this.#slotOf(mark)] === mark;
  }

  add(mark: number): void {
    const slot = this.#slotOf(mark);
    if (this.#slots[slot] === mark) return;
    this.#slots[slot] = mark;
    this.#size += 1;
    if (this.#size > this.#slots.length * FULL) this.#grow();
  }

  #slotOf(mark: number): number {
    let slot = Math.floor(mark / SHARDS) % this.#slots.length;
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
