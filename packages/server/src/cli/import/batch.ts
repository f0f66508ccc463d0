import type { Counts } from './checkpoint.ts';
import type { ReadRow } from './read-rows.ts';
import type { ImportItem, ImportTarget } from './target.ts';

/** A row on its way. */
export interface BatchRow {
  readonly read: ReadRow;
  /** Nothing for a bad row. */
  readonly items: readonly ImportItem[];
  /** Why it cannot be used, or `null`. */
  readonly bad: string | null;
  /** About what it takes on the wire. */
  readonly bytes: number;
}

const MOST_EVENTS = 1_000;
const MOST_ROWS = 1_000;
/** Below the 2 MiB that the server takes. */
const MOST_BYTES = 1_500_000;

/**
 * Rows that travel together; the events of one row always do. A row counts, good or bad, when its batch is stored, so
 * that a checkpoint after it says exactly what is behind us.
 */
export class Batch {
  readonly #target: ImportTarget;
  readonly #counts: Counts;
  readonly #refuse: (row: ReadRow, reason: string) => void;
  #rows: BatchRow[] = [];
  #events = 0;
  #bytes = 0;

  constructor(target: ImportTarget, counts: Counts, refuse: (row: ReadRow, reason: string) => void) {
    this.#target = target;
    this.#counts = counts;
    this.#refuse = refuse;
  }

  isFullWith({ items, bytes }: BatchRow): boolean {
    const tooMany = this.#events + items.length > MOST_EVENTS || this.#rows.length >= MOST_ROWS;
    return this.#rows.length > 0 && (tooMany || this.#bytes + bytes > MOST_BYTES);
  }

  add(row: BatchRow): void {
    this.#rows.push(row);
    this.#events += row.items.length;
    this.#bytes += row.bytes;
  }

  /** Sends everything and counts what became of it. */
  async send(): Promise<void> {
    const rows = this.#rows;
    const results = this.#events > 0 ? await this.#target.send(rows.flatMap(({ items }) => items)) : [];
    let at = 0;
    for (const { read, items, bad } of rows) {
      const mine = results.slice(at, at + items.length);
      at += items.length;
      this.#counts.rows += 1;
      const reason = bad ?? mine.find(({ result }) => result === 'rejected')?.reason;
      if (reason != null) {
        this.#refuse(read, reason);
        continue;
      }
      if (mine.some(({ result }) => result === 'accepted')) this.#counts.imported += 1;
      else this.#counts.unchanged += 1;
      for (const item of items) this.#span(item);
    }
    this.#rows = [];
    this.#events = 0;
    this.#bytes = 0;
  }

  #span({ delivery }: ImportItem): void {
    const ats = delivery.about === 'campaign' ? [delivery.at] : delivery.events.map(({ at }) => at);
    this.#counts.firstAt = Math.min(this.#counts.firstAt ?? Number.POSITIVE_INFINITY, ...ats);
    this.#counts.lastAt = Math.max(this.#counts.lastAt ?? 0, ...ats);
  }
}
