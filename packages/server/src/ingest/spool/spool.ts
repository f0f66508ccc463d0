import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreFault } from '../../store/store.ts';
import { DeadLetters } from './dead-letters.ts';
import { readDeadLetter, readEntry, type SpoolEntry } from './entry.ts';
import { countIn, inTurns, type Lanes } from './lanes.ts';
import { SegmentWriter } from './segment-writer.ts';
import { isReplay, makePrivate, measureSegment, type Segment, segmentNames } from './spool-files.ts';

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

/** Entries from the front of the spool. */
export interface Spooled {
  readonly entries: readonly SpoolEntry[];
  /** They are where they belong: the spool forgets them. */
  done(): Promise<void>;
}

interface Waiting extends Segment {
  /** `null`: an earlier process wrote it, and it was not read yet. */
  readonly lanes: Lanes | null;
}

interface Reading extends Segment {
  readonly lanes: Lanes;
  readonly entries: readonly SpoolEntry[];
  taken: number;
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
  readonly #writer: SegmentWriter;
  #segments: Waiting[];
  #bytes: number;
  #reading: Reading | null = null;
  #isFull = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(settings: SpoolSettings, segments: readonly Segment[], deadLetters: DeadLetters) {
    const { folder, segmentBytes } = settings;
    this.#settings = settings;
    this.#segments = segments.map((segment) => ({ ...segment, lanes: null }));
    this.deadLetters = deadLetters;
    this.#bytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    const numbered = segments.filter(({ name }) => !isReplay(name));
    const lastNumber = Number.parseInt(numbered.at(-1)?.name ?? '0', 10);
    const inTurn = <T>(work: () => Promise<T>): Promise<T> => this.#inTurn(work);
    const onEnded = (segment: Waiting): void => void this.#segments.push(segment);
    this.#writer = new SegmentWriter({ folder, segmentBytes, lastNumber, inTurn, onEnded });
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
    const inFiles = this.#segments.reduce((sum, { records }) => sum + records, this.#writer.current?.records ?? 0);
    return inFiles - (this.#reading?.taken ?? 0);
  }

  /** When the oldest of them came, epoch milliseconds; `null` when none waits. */
  get oldestAt(): number | null {
    return (this.#segments[0] ?? this.#writer.current)?.oldestAt ?? null;
  }

  /** Entries of a workspace that wait, or that may be its own. */
  waitingOf(workspace: string): number {
    const inFiles = this.#segments.map(({ name, lanes, records }) => {
      const known = this.#reading?.name === name ? this.#reading.lanes : lanes;
      return known ? (known.get(workspace) ?? 0) : records;
    });
    return inFiles.reduce((sum, one) => sum + one, this.#writer.current?.lanes.get(workspace) ?? 0);
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
    return this.#writer.isUnwritable;
  }

  /**
   * Fulfils when the entries are on the disk.
   * @param share of the room that these may fill
   * @throws SpoolFull, SpoolUnwritable
   */
  append(entries: readonly SpoolEntry[], share = 1): Promise<void> {
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    if (this.#bytes + Buffer.byteLength(text) > this.#settings.capBytes * share) {
      // Who may fill only a part of the room has not filled it.
      this.#isFull ||= share >= 1;
      return Promise.reject(new SpoolFull(`the spool holds ${this.#bytes} bytes and may not hold more`));
    }
    return this.#write(text, entries);
  }

  /** After a write that the disk refused: tries an empty line, of which nothing is read. */
  tryDisk(): Promise<void> {
    return this.#write('\n', []).catch(() => {});
  }

  /** The oldest entries, `null` when there are none. Asked again before they are done, it gives the same. */
  next(most: number): Promise<Spooled | null> {
    return this.#inTurn(async () => {
      const reading = this.#reading ?? (await this.#readSegment());
      this.#reading = reading;
      if (!reading) return null;
      const entries = reading.entries.slice(reading.taken, reading.taken + most);
      return { entries, done: () => this.#inTurn(() => this.#forget(reading, entries)) };
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
    await this.#inTurn(() => this.#writer.end());
  }

  async #write(text: string, entries: readonly SpoolEntry[]): Promise<void> {
    const bytes = Buffer.byteLength(text);
    // Counted before it is there: what comes meanwhile must find the room taken.
    this.#bytes += bytes;
    try {
      await this.#writer.write(text, entries);
    } catch (error) {
      this.#bytes -= bytes;
      throw error;
    }
  }

  /** File operations go one after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #readSegment(): Promise<Reading | null> {
    if (this.#segments.length === 0) await this.#writer.end();
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
    countIn(lanes, entries, 1);
    return { ...segment, entries: inTurns(entries), lanes, taken: 0 };
  }

  async #forget(reading: Reading, entries: readonly SpoolEntry[]): Promise<void> {
    if (this.#reading !== reading) return;
    countIn(reading.lanes, entries, -1);
    reading.taken += entries.length;
    if (reading.taken < reading.entries.length) return;
    await unlink(join(this.#settings.folder, reading.name));
    this.#segments = this.#segments.filter(({ name }) => name !== reading.name);
    this.#bytes -= reading.bytes;
    this.#reading = null;
    this.#isFull = false;
  }
}
