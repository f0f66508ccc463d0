/** Contacts waiting for another attempt, earliest first: a binary heap in flat arrays, for the inner loop of a run. */
export class RetryQueue {
  private readonly dues: number[] = [];
  private readonly attempts: number[] = [];
  private readonly counts: number[] = [];
  private size = 0;
  /** Contacts in the queue. */
  contacts = 0;

  /** Infinity when empty. */
  get nextDue(): number {
    return this.size > 0 ? (this.dues[0] ?? 0) : Number.POSITIVE_INFINITY;
  }

  /** Ended attempts of those that are due next. */
  get nextAttempts(): number {
    return this.attempts[0] ?? 0;
  }

  /** Empties it and keeps its memory. */
  clear(): void {
    this.size = 0;
    this.contacts = 0;
  }

  push(due: number, attempts: number, contacts: number): void {
    this.contacts += contacts;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.dues[parent] ?? 0) <= due) break;
      this.move(parent, at);
      at = parent;
    }
    this.put(at, due, attempts, contacts);
  }

  /** Takes up to `most` of those that are due next. @returns how many */
  take(most: number): number {
    const waiting = this.size > 0 ? (this.counts[0] ?? 0) : 0;
    const taken = Math.min(most, waiting);
    this.contacts -= taken;
    if (taken < waiting) this.counts[0] = waiting - taken;
    else this.removeFirst();
    return taken;
  }

  private removeFirst(): void {
    const size = Math.max(0, this.size - 1);
    this.size = size;
    const due = this.dues[size] ?? 0;
    const attempts = this.attempts[size] ?? 0;
    const contacts = this.counts[size] ?? 0;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && (this.dues[child + 1] ?? 0) < (this.dues[child] ?? 0)) child++;
      if ((this.dues[child] ?? 0) >= due) break;
      this.move(child, at);
      at = child;
    }
    this.put(at, due, attempts, contacts);
  }

  private move(from: number, to: number): void {
    this.put(to, this.dues[from] ?? 0, this.attempts[from] ?? 0, this.counts[from] ?? 0);
  }

  private put(at: number, due: number, attempts: number, contacts: number): void {
    this.dues[at] = due;
    this.attempts[at] = attempts;
    this.counts[at] = contacts;
  }
}
