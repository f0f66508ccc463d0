import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { replaceWhole } from '../../durable-file.ts';
import { headOf } from './read-rows.ts';

/** How far an import is. */
export interface Counts {
  /** Rows that are behind us, good or bad. */
  rows: number;
  imported: number;
  /** Rows of which everything was known already. */
  unchanged: number;
  bad: number;
  /** Times of the earliest and the latest event, epoch milliseconds. */
  firstAt: number | null;
  lastAt: number | null;
}

interface Saved {
  /** Names the file and the way in which it is read. */
  readonly fingerprint: string;
  readonly rejectsBytes: number;
  readonly counts: Counts;
}

export const noCounts: Counts = { rows: 0, imported: 0, unchanged: 0, bad: 0, firstAt: null, lastAt: null };

/** A short text that changes when the file or the way of reading it does. */
export function fingerprintOf(path: string, settings: unknown): string {
  const hash = createHash('sha256')
    .update(headOf(path))
    .update(String(statSync(path).size));
  return hash.update(JSON.stringify(settings)).digest('base64url').slice(0, 16);
}

/** The small file beside the input that says how far an import came. */
export class Checkpoint {
  readonly path: string;
  readonly #fingerprint: string;

  constructor(input: string, fingerprint: string) {
    this.path = `${input}.import.json`;
    this.#fingerprint = fingerprint;
  }

  /** What an earlier import left. `changed`: it was of another file, or read it in another way. */
  load(): Saved | 'changed' | null {
    try {
      const saved = JSON.parse(readFileSync(this.path, 'utf8')) as Saved;
      return saved.fingerprint === this.#fingerprint ? saved : 'changed';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'changed';
    }
  }

  /** The old one stays until the new one is whole. */
  save(counts: Counts, rejectsBytes: number): void {
    const saved: Saved = { fingerprint: this.#fingerprint, rejectsBytes, counts };
    replaceWhole(this.path, JSON.stringify(saved));
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}

/** The rows that could not be used, with line and reason, in a file beside the input. It is made with the first. */
export class Rejects {
  readonly path: string;
  #file: number | null = null;
  #bytes: number;

  /** @param keep bytes of an earlier import's file that are kept */
  constructor(input: string, keep: number) {
    this.path = `${input}.rejects.ndjson`;
    this.#bytes = keep;
    if (keep === 0) rmSync(this.path, { force: true });
    else this.#open();
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(line: number, reason: string, row: unknown): void {
    const text = Buffer.from(`${JSON.stringify({ line, reason, row })}\n`);
    writeSync(this.#open(), text, 0, text.length, this.#bytes);
    this.#bytes += text.length;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }

  #open(): number {
    if (this.#file !== null) return this.#file;
    this.#file = openSync(this.path, this.#bytes === 0 ? 'w' : 'r+');
    // What an import wrote after its last checkpoint is written again.
    ftruncateSync(this.#file, this.#bytes);
    return this.#file;
  }
}
