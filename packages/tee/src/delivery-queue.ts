/** A callback that waits for delivery. */
export interface QueueItem {
  readonly id: string;
  /** Epoch milliseconds at which the host had answered it. */
  readonly receivedAt: number;
  /** The callback as it is posted. */
  readonly json: string;
  /** Size of `json` in UTF-8. */
  readonly bytes: number;
}

/** How much may wait. */
export interface QueueLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/**
 * What waits, oldest first, within its bounds. An item is ready, delayed until some time, or under way; those under
 * way are never dropped. Time is an argument: delays go by a clock that only goes forward, ages by that of the wall.
 */
export class DeliveryQueue {
  readonly #limits: QueueLimits;
  readonly #items = new Map<string, QueueItem>();
  readonly #ready = new Set<string>();
  readonly #delayed = new Map<string, number>();
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#items.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get underWay(): number {
    return this.#items.size - this.#ready.size - this.#delayed.size;
  }

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  /** Oldest first. */
  items(): Iterable<QueueItem> {
    return this.#items.values();
  }

  /** Adds an item. @returns what had to go for it, which may be the item itself */
  add(item: QueueItem): QueueItem[] {
    this.#items.set(item.id, item);
    this.#ready.add(item.id);
    this.#bytes += item.bytes;
    return this.#evict(() => this.#items.size > this.#limits.maxItems || this.#bytes > this.#limits.maxBytes);
  }

  /** Takes away what is older than it may be. */
  expire(now: number): QueueItem[] {
    const oldest = now - this.#limits.maxAgeMs;
    return this.#evict((item) => item.receivedAt <= oldest);
  }

  /** The next item, which is under way from now on. Delayed ones are ready again when their time has come. */
  take(clock: number): QueueItem | null {
    for (const [id, until] of this.#delayed) if (until <= clock) this.retry(id);
    for (const id of this.#ready) {
      this.#ready.delete(id);
      return this.#items.get(id) ?? null;
    }
    return null;
  }

  /** Makes an item ready that is under way or delayed, behind the others. */
  retry(id: string): void {
    this.#delayed.delete(id);
    this.#ready.add(id);
  }

  /** Puts off an item that is under way. @param until of the clock that only goes forward */
  delay(id: string, until: number): void {
    this.#delayed.set(id, until);
  }

  /** Makes all delayed items ready. */
  hurry(): void {
    for (const id of this.#delayed.keys()) this.retry(id);
  }

  /** When the first delayed item is ready; `Infinity` when none is delayed. */
  get nextDelayed(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const until of this.#delayed.values()) next = Math.min(next, until);
    return next;
  }

  remove(id: string): void {
    this.#bytes -= this.#items.get(id)?.bytes ?? 0;
    this.#items.delete(id);
    this.#ready.delete(id);
    this.#delayed.delete(id);
  }

  #evict(mustGo: (item: QueueItem) => boolean): QueueItem[] {
    const gone: QueueItem[] = [];
    for (const item of this.#items.values()) {
      if (!mustGo(item)) break;
      const isUnderWay = !this.#ready.has(item.id) && !this.#delayed.has(item.id);
      if (isUnderWay) continue;
      this.remove(item.id);
      gone.push(item);
    }
    return gone;
  }
}
