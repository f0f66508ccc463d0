import { type FileHandle, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreFault } from '../../store/store.ts';
import { DeadLetters } from './dead-letters.ts';
import { inTurns, readDeadLetter, readEntry, type SpoolEntry } from './entry.ts';
import {
  FILE_MODE,
  isReplay,
  makePrivate,
  measureSegment,
  type Segment,
  segmentName,
  segmentNames,
} from './spool-files.ts';

export interface SpoolSettings {
  readonly folder: string;
  /** What the spool may hold; beyond it receipts are refused. */
  readonly capBytes: number;
  /** What the file of dead letters may hold beside it. */
  readonly deadLetterBytes: number;
  /** About the size of one file: it is read whole, and deleted whole once it is drained. */
  readonly segmentBytes: number;
}

/** The spool holds as much as it may. The sender should try again. */
export class SpoolFull extends StoreFault {}

/** The disk does not take anything. The sender should try again. */
export class SpoolUnwritable extends StoreFault {}

/** Entries from the front of the spool. */
export interface Spooled {
  readonly entries: readonly SpoolEntry[];
  /** They are where they belong: the spool forgets them. */
  done(): Promise<void>;
}

/** How many entries of each workspace a file holds. */
type Lanes = Map<string | null, number>;

interface Waiting extends Segment {
  /** `null`: an earlier process wrote it, and it was not read yet. */
  readonly lanes: Lanes | null;
}

interface Reading extends Waiting {
  readonly lanes: Lanes;
  readonly entries: readonly SpoolEntry[];
  taken: number;
}

interface Writing {
  readonly name: string;
  readonly file: FileHandle;
  readonly oldestAt: number;
  readonly lanes: Lanes;
  bytes: number;
  records: number;
}

interface Gathered {
  readonly text: string;
  readonly entries: readonly SpoolEntry[];
  readonly settle: (error: Error | null) => void;
}

/**
 * What waits on the local disk while the store is away. An entry is a line of JSON; files are only added to, and one
 * that another process left is never written again. They are drained oldest first, and within one file the workspaces
 * take turns. A crash may leave the last file's last line torn: that entry was not acknowledged. What was drained but
 * not yet deleted comes again, which changes nothing.
 */
export class Spool {
  readonly deadLetters: DeadLetters;
  readonly #settings: SpoolSettings;
  #segments: Waiting[];
  #bytes: number;
  #lastNumber: number;
  #writing: Writing | null = null;
  #reading: Reading | null = null;
  #gathered: Gathered[] = [];
  #isFull = false;
  #isUnwritable = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(settings: SpoolSettings, segments: Segment[], deadLetters: DeadLetters) {
    this.#settings = settings;
    this.#segments = segments.map((segment) => ({ ...segment, lanes: null }));
    this.deadLetters = deadLetters;
    this.#bytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    const numbered = segments.filter(({ name }) => !isReplay(name));
    this.#lastNumber = Number.parseInt(numbered.at(-1)?.name ?? '0', 10);
  }

  /** Opens a folder, with what an earlier process left in it. */
  static async open(settings: SpoolSettings): Promise<Spool> {
    const { folder, deadLetterBytes } = settings;
    await makePrivate(folder);
    const segments: Segment[] = [];
    for (const name of segmentNames(folder)) {
      const segment = await measureSegment(folder, name);
      if (segment) segments.push(segment);
    }
    return new Spool(settings, segments, await DeadLetters.open(folder, deadLetterBytes));
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What it may hold. */
  get capBytes(): number {
    return this.#settings.capBytes;
  }

  /** Entries that wait. */
  get records(): number {
    const files = [...this.#segments, ...(this.#writing ? [this.#writing] : [])];
    return files.reduce((sum, { records }) => sum + records, 0) - (this.#reading?.taken ?? 0);
  }

  /** When the oldest of them came, epoch milliseconds; `null` when none waits. */
  get oldestAt(): number | null {
    return this.#segments[0]?.oldestAt ?? this.#writing?.oldestAt ?? null;
  }

  /** Entries of a workspace that wait, or that may be its own. */
  waitingOf(workspace: string): number {
    const inFiles = this.#segments.map(({ name, lanes, records }) => {
      const known = this.#reading?.name === name ? this.#reading.lanes : lanes;
      return known ? (known.get(workspace) ?? 0) : records;
    });
    return inFiles.reduce((sum, one) => sum + one, this.#writing?.lanes.get(workspace) ?? 0);
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** True from the first entry that was refused for want of room, until something was drained. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** True from a write that the disk refused, until one that it took. */
  get isUnwritable(): boolean {
    return this.#isUnwritable;
  }

  /**
   * Fulfils when the entries are on the disk.
   * @param share of the room that these may fill
   * @throws SpoolFull, SpoolUnwritable
   */
  append(entries: readonly SpoolEntry[], share = 1): Promise<void> {
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    const bytes = Buffer.byteLength(text);
    if (this.#bytes + bytes > this.#settings.capBytes * share) {
      this.#isFull = true;
      return Promise.reject(new SpoolFull(`the spool holds ${this.#bytes} bytes and may not hold more`));
    }
    return this.#gather(text, bytes, entries);
  }

  /** After a write that the disk refused: tries an empty line, of which nothing is read. */
  tryDisk(): Promise<void> {
    return this.#gather('\n', 1, []).catch(() => {});
  }

  /** The oldest entries, `null` when there are none. Asked again before they are done, it gives the same. */
  next(most: number): Promise<Spooled | null> {
    return this.#inTurn(async () => {
      const reading = this.#reading ?? (await this.#readSegment());
      this.#reading = reading;
      if (!reading) return null;
      const entries = reading.entries.slice(reading.taken, reading.taken + most);
      return { entries, done: () => this.#inTurn(() => this.#forget(reading, entries.length)) };
    });
  }

  /** Takes in what somebody put back beside it, and notices what they took away. */
  async look(): Promise<void> {
    const { folder } = this.#settings;
    const known = new Set(this.#segments.map(({ name }) => name));
    for (const name of segmentNames(folder).filter((one) => isReplay(one) && !known.has(one))) {
      const segment = await measureSegment(folder, name);
      if (!segment) continue;
      this.#segments.push({ ...segment, lanes: null });
      this.#bytes += segment.bytes;
    }
    await this.deadLetters.look();
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.#endSegment());
  }

  #gather(text: string, bytes: number, entries: readonly SpoolEntry[]): Promise<void> {
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#gathered.push({ text, entries, settle: (error) => (error ? reject(error) : resolve()) });
      // While one write waits for the disk, the next gathers.
      if (this.#gathered.length === 1) this.#inTurn(() => this.#flush()).catch(reject);
    });
  }

  /** File operations go one after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #flush(): Promise<void> {
    const batch = this.#gathered;
    this.#gathered = [];
    const data = Buffer.from(batch.map(({ text }) => text).join(''));
    try {
      const entries = batch.flatMap((gathered) => gathered.entries);
      this.#writing ??= await this.#beginSegment(entries[0]?.receivedAt ?? 0);
      const { file, lanes } = this.#writing;
      await file.appendFile(data);
      await file.datasync();
      this.#writing.bytes += data.length;
      this.#writing.records += entries.length;
      count(lanes, entries, 1);
      this.#isUnwritable = false;
      if (this.#writing.bytes >= this.#settings.segmentBytes) await this.#endSegment();
      for (const { settle } of batch) settle(null);
    } catch (error) {
      // Half a line may be there: nothing is written behind it. What of it is whole is not counted, and does no harm.
      this.#bytes -= data.length;
      this.#isUnwritable = true;
      await this.#dropSegment().catch(() => {});
      const fault = new SpoolUnwritable(`the spool cannot be written: ${(error as Error).message}`, { cause: error });
      for (const { settle } of batch) settle(fault);
    }
  }

  async #beginSegment(oldestAt: number): Promise<Writing> {
    this.#lastNumber += 1;
    const name = segmentName(this.#lastNumber);
    const file = await open(join(this.#settings.folder, name), 'ax', FILE_MODE);
    // The file's name must be as durable as what is in it.
    const folder = await open(this.#settings.folder, 'r');
    await folder.sync().finally(() => folder.close());
    return { name, file, oldestAt, lanes: new Map(), bytes: 0, records: 0 };
  }

  async #endSegment(): Promise<void> {
    const ended = this.#writing;
    this.#writing = null;
    if (!ended) return;
    const { name, bytes, records, oldestAt, lanes } = ended;
    this.#segments.push({ name, bytes, records, oldestAt, lanes });
    await ended.file.close();
  }

  /** After a write that failed. A file with nothing whole in it goes: on a full disk, each try would leave one. */
  async #dropSegment(): Promise<void> {
    const dropped = this.#writing;
    if (dropped === null || dropped.bytes > 0) return this.#endSegment();
    this.#writing = null;
    await dropped.file.close();
    await unlink(join(this.#settings.folder, dropped.name));
  }

  async #readSegment(): Promise<Reading | null> {
    if (this.#segments.length === 0) await this.#endSegment();
    const [segment] = this.#segments;
    if (!segment) return null;
    const text = await readFile(join(this.#settings.folder, segment.name), 'utf8');
    const entries: SpoolEntry[] = [];
    for (const line of text.split('\n').filter(Boolean)) {
      const entry = isReplay(segment.name) ? readDeadLetter(line)?.what : readEntry(line);
      if (entry && typeof entry !== 'string') entries.push(entry);
      else await this.deadLetters.bury(entry ?? line, 'unreadable', Date.now());
    }
    const lanes: Lanes = new Map();
    count(lanes, entries, 1);
    return { ...segment, entries: inTurns(entries), lanes, taken: 0 };
  }

  async #forget(reading: Reading, taken: number): Promise<void> {
    if (this.#reading !== reading) return;
    count(reading.lanes, reading.entries.slice(reading.taken, reading.taken + taken), -1);
    reading.taken += taken;
    if (reading.taken < reading.entries.length) return;
    await unlink(join(this.#settings.folder, reading.name));
    this.#segments = this.#segments.filter(({ name }) => name !== reading.name);
    this.#bytes -= reading.bytes;
    this.#reading = null;
    this.#isFull = false;
  }
}

function count(lanes: Lanes, entries: readonly SpoolEntry[], by: 1 | -1): void {
  for (const { workspace } of entries) lanes.set(workspace, (lanes.get(workspace) ?? 0) + by);
}
