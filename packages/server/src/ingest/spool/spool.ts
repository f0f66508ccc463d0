import { readdirSync, statSync } from 'node:fs';
import { appendFile, type FileHandle, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreFault } from '../../store/store.ts';
import type { Receipt } from '../receipt.ts';

export interface SpoolSettings {
  readonly folder: string;
  /** What the spool may hold; beyond it receipts are refused. */
  readonly capBytes: number;
  /** About the size of one file: it is read whole, and deleted whole once it is drained. */
  readonly segmentBytes: number;
}

/** The spool holds as much as it may. The sender should try again. */
export class SpoolFull extends StoreFault {}

/** Receipts from the front of the spool. */
export interface Spooled {
  readonly receipts: readonly Receipt[];
  /** They are where they belong: the spool forgets them. */
  done(): Promise<void>;
}

const SEGMENT = /^\d{12}\.ndjson$/;
const DEAD_LETTERS = 'dead-letters.ndjson';

interface Segment {
  readonly name: string;
  readonly bytes: number;
}

interface Reading extends Segment {
  readonly receipts: readonly Receipt[];
  taken: number;
}

/**
 * Receipts on the local disk, oldest first, while the store is away. A receipt is a line of JSON; files are only added
 * to, and one that another process left is never written again. A crash may leave the last file's last line torn: that
 * receipt was not acknowledged. What was drained but not yet deleted comes again, which changes nothing.
 */
export class Spool {
  readonly #settings: SpoolSettings;
  #segments: Segment[];
  #bytes: number;
  #lastNumber: number;
  #writing: { readonly name: string; readonly file: FileHandle; bytes: number } | null = null;
  #reading: Reading | null = null;
  #gathered: { text: string; readonly settle: (error: Error | null) => void }[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(settings: SpoolSettings, segments: Segment[]) {
    this.#settings = settings;
    this.#segments = segments;
    this.#bytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#lastNumber = Number.parseInt(segments.at(-1)?.name ?? '0', 10);
  }

  /** Opens a folder, with what an earlier process left in it. */
  static async open(settings: SpoolSettings): Promise<Spool> {
    await mkdir(settings.folder, { recursive: true });
    const names = readdirSync(settings.folder).filter((name) => SEGMENT.test(name));
    const segments = names.sort().map((name) => ({ name, bytes: statSync(join(settings.folder, name)).size }));
    return new Spool(settings, segments);
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What it may hold. */
  get capBytes(): number {
    return this.#settings.capBytes;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** Fulfils when the receipts are on the disk. @throws SpoolFull */
  append(receipts: readonly Receipt[]): Promise<void> {
    const text = receipts.map((receipt) => `${JSON.stringify(receipt)}\n`).join('');
    const bytes = Buffer.byteLength(text);
    if (this.#bytes + bytes > this.#settings.capBytes) {
      return Promise.reject(new SpoolFull(`the spool holds ${this.#bytes} bytes and may not hold more`));
    }
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#gathered.push({ text, settle: (error) => (error ? reject(error) : resolve()) });
      // While one write waits for the disk, the next gathers.
      if (this.#gathered.length === 1) this.#inTurn(() => this.#flush()).catch(reject);
    });
  }

  /** The oldest receipts, `null` when there are none. Asked again before they are done, it gives the same. */
  next(most: number): Promise<Spooled | null> {
    return this.#inTurn(async () => {
      const reading = this.#reading ?? (await this.#readSegment());
      this.#reading = reading;
      if (!reading) return null;
      const receipts = reading.receipts.slice(reading.taken, reading.taken + most);
      return { receipts, done: () => this.#inTurn(() => this.#forget(reading, receipts.length)) };
    });
  }

  /** Puts what can never be applied where somebody may look at it. It holds up nothing. */
  async bury(what: Receipt | string, why: string, at: number): Promise<void> {
    const line = JSON.stringify({ at: new Date(at).toISOString(), why, what });
    await appendFile(join(this.#settings.folder, DEAD_LETTERS), `${line}\n`, { flush: true });
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.#endSegment());
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
      this.#writing ??= await this.#beginSegment();
      await this.#writing.file.appendFile(data);
      await this.#writing.file.datasync();
      this.#writing.bytes += data.length;
      if (this.#writing.bytes >= this.#settings.segmentBytes) await this.#endSegment();
      for (const { settle } of batch) settle(null);
    } catch (error) {
      // Half a line may be there: nothing is written behind it. What of it is whole is not counted, and does no harm.
      this.#bytes -= data.length;
      await this.#endSegment().catch(() => {});
      const fault = new StoreFault('the spool cannot be written', { cause: error });
      for (const { settle } of batch) settle(fault);
    }
  }

  async #beginSegment() {
    this.#lastNumber += 1;
    const name = `${String(this.#lastNumber).padStart(12, '0')}.ndjson`;
    const file = await open(join(this.#settings.folder, name), 'ax');
    // The file's name must be as durable as what is in it.
    const folder = await open(this.#settings.folder, 'r');
    await folder.sync().finally(() => folder.close());
    return { name, file, bytes: 0 };
  }

  async #endSegment(): Promise<void> {
    const ended = this.#writing;
    this.#writing = null;
    if (!ended) return;
    this.#segments.push({ name: ended.name, bytes: ended.bytes });
    await ended.file.close();
  }

  async #readSegment(): Promise<Reading | null> {
    if (this.#segments.length === 0) await this.#endSegment();
    const [segment] = this.#segments;
    if (!segment) return null;
    const text = await readFile(join(this.#settings.folder, segment.name), 'utf8');
    const receipts: Receipt[] = [];
    for (const line of text.split('\n').filter(Boolean)) {
      try {
        receipts.push(JSON.parse(line));
      } catch {
        await this.bury(line, 'unreadable', Date.now());
      }
    }
    return { ...segment, receipts, taken: 0 };
  }

  async #forget(reading: Reading, count: number): Promise<void> {
    if (this.#reading !== reading) return;
    reading.taken += count;
    if (reading.taken < reading.receipts.length) return;
    await unlink(join(this.#settings.folder, reading.name));
    this.#segments = this.#segments.filter(({ name }) => name !== reading.name);
    this.#bytes -= reading.bytes;
    this.#reading = null;
  }
}
