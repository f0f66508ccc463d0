import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreFault } from '../../store/store.ts';
import type { SpoolEntry } from './entry.ts';
import { countIn, type Lanes } from './lanes.ts';
import { FILE_MODE, type Segment, segmentName } from './spool-files.ts';

/** The disk does not take anything. The sender should try again. */
export class SpoolUnwritable extends StoreFault {}

/** A segment, and how many entries of each workspace it holds. */
export interface WrittenSegment extends Segment {
  readonly lanes: Lanes;
}

interface Open extends WrittenSegment {
  readonly file: FileHandle;
  bytes: number;
  records: number;
}

interface Gathered {
  readonly text: string;
  readonly entries: readonly SpoolEntry[];
  readonly settle: (error: Error | null) => void;
}

export interface WriterParts {
  readonly folder: string;
  readonly segmentBytes: number;
  readonly lastNumber: number;
  /** File operations go one after the other. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Told of a file that nothing is added to any more. */
  readonly onEnded: (segment: WrittenSegment) => void;
}

/** Adds entries to files, several in one write: while one waits for the disk, the next gathers. */
export class SegmentWriter {
  readonly #parts: WriterParts;
  #lastNumber: number;
  #open: Open | null = null;
  #gathered: Gathered[] = [];
  #isUnwritable = false;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#lastNumber = parts.lastNumber;
  }

  /** The file that is being added to. */
  get current(): WrittenSegment | null {
    return this.#open;
  }

  /** True from a write that the disk refused, until one that it took. */
  get isUnwritable(): boolean {
    return this.#isUnwritable;
  }

  /** Fulfils when the text, which holds the entries, is on the disk. @throws SpoolUnwritable */
  write(text: string, entries: readonly SpoolEntry[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#gathered.push({ text, entries, settle: (error) => (error ? reject(error) : resolve()) });
      if (this.#gathered.length === 1) this.#parts.inTurn(() => this.#flush()).catch(reject);
    });
  }

  /** Adds nothing more to the present file. To be called in turn. */
  async end(): Promise<void> {
    const ended = this.#open;
    this.#open = null;
    if (!ended) return;
    const { file, ...segment } = ended;
    this.#parts.onEnded(segment);
    await file.close();
  }

  async #flush(): Promise<void> {
    const batch = this.#gathered;
    this.#gathered = [];
    const data = Buffer.from(batch.map(({ text }) => text).join(''));
    const entries = batch.flatMap((gathered) => gathered.entries);
    try {
      this.#open ??= await this.#begin(entries[0]?.receivedAt ?? null);
      const { file, lanes } = this.#open;
      await file.appendFile(data);
      await file.datasync();
      this.#open.bytes += data.length;
      this.#open.records += entries.length;
      countIn(lanes, entries, 1);
      this.#isUnwritable = false;
      if (this.#open.bytes >= this.#parts.segmentBytes) await this.end();
      for (const { settle } of batch) settle(null);
    } catch (error) {
      // Half a line may be there: nothing is written behind it. What of it is whole is not counted, and does no harm.
      this.#isUnwritable = true;
      await this.#drop().catch(() => {});
      const fault = new SpoolUnwritable(`the spool cannot be written: ${(error as Error).message}`, { cause: error });
      for (const { settle } of batch) settle(fault);
    }
  }

  async #begin(oldestAt: number | null): Promise<Open> {
    this.#lastNumber += 1;
    const { folder } = this.#parts;
    const name = segmentName(this.#lastNumber);
    const file = await open(join(folder, name), 'ax', FILE_MODE);
    // The file's name must be as durable as what is in it.
    const directory = await open(folder, 'r');
    await directory.sync().finally(() => directory.close());
    return { name, file, oldestAt, lanes: new Map(), bytes: 0, records: 0 };
  }

  /** After a write that failed. A file with nothing whole in it goes: on a full disk, each try would leave one. */
  async #drop(): Promise<void> {
    const dropped = this.#open;
    if (dropped === null || dropped.bytes > 0) return this.end();
    this.#open = null;
    await dropped.file.close();
    await unlink(join(this.#parts.folder, dropped.name));
  }
}
