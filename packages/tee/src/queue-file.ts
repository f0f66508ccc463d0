import { mkdirSync, readFileSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { QueueItem } from './delivery-queue.ts';
import { addLine, doneLine, type ReadBack, readLines } from './journal-lines.ts';

const OWNER_ONLY = 0o600;
const COMPACT_FROM_BYTES = 1024 * 1024;

/** What a queue file needs of its owner. */
export interface QueueFileOwner {
  /** What waits now, oldest first. */
  waiting(): Iterable<QueueItem>;
  /** The file could not be written; what waits is in memory only until it can be again. */
  failed(error: unknown): void;
  worked(): void;
}

/**
 * The queue on disk: an append-only file of one JSON line per change. While one write and its fsync run, the next
 * batch fills, and nobody waits for either: a crash loses the few milliseconds that were not on disk yet. When nothing
 * waits, or when most of a file over 1 MiB is history, it is made anew.
 */
export class QueueFile {
  readonly #path: string;
  readonly #owner: QueueFileOwner;
  #handle: FileHandle | null = null;
  #pending: string[] = [];
  #mustRewrite = true;
  #size = 0;
  #liveBytes = 0;
  #isHealthy = true;
  #running: Promise<void> | null = null;

  constructor(path: string, owner: QueueFileOwner) {
    this.#path = path;
    this.#owner = owner;
  }

  /** Reads what an earlier process left, at wiring time. @throws when there is a file that cannot be read */
  load(): ReadBack {
    mkdirSync(dirname(this.#path), { recursive: true });
    try {
      return readLines(readFileSync(this.#path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { items: [], damaged: 0 };
      throw error;
    }
  }

  added(item: QueueItem): void {
    this.#write(addLine(item));
  }

  /** @param isLast whether nothing waits any longer */
  removed(id: string, isLast: boolean): void {
    if (isLast || this.#size > Math.max(COMPACT_FROM_BYTES, 2 * this.#liveBytes)) this.#mustRewrite = true;
    this.#write(doneLine(id));
  }

  /** Fulfils when everything is on disk. @returns whether it is */
  async close(): Promise<boolean> {
    if (!this.#isHealthy) this.#write('');
    while (this.#running) await this.#running;
    await this.#release();
    return this.#isHealthy;
  }

  #write(line: string): void {
    this.#pending.push(line);
    this.#start();
  }

  #start(): void {
    this.#running ??= this.#work().finally(() => {
      this.#running = null;
      if (this.#pending.length > 0) this.#start();
    });
  }

  async #work(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        if (this.#mustRewrite) await this.#rewrite();
        else await this.#append(this.#pending.splice(0).join(''));
      }
      this.#isHealthy = true;
      this.#owner.worked();
    } catch (error) {
      // The next change tries again with a whole new file, so nothing that waits is missing from it.
      this.#mustRewrite = true;
      this.#pending = [];
      this.#isHealthy = false;
      await this.#release();
      this.#owner.failed(error);
    }
  }

  async #append(text: string): Promise<void> {
    this.#handle ??= await open(this.#path, 'a', OWNER_ONLY);
    await this.#handle.appendFile(text);
    await this.#handle.datasync();
    this.#size += Buffer.byteLength(text);
  }

  /** What waits now says more than the changes that led there, so these are forgotten. */
  async #rewrite(): Promise<void> {
    this.#mustRewrite = false;
    this.#pending = [];
    const text = [...this.#owner.waiting()].map(addLine).join('');
    if (text === '' && this.#handle) {
      await this.#handle.truncate(0);
      await this.#handle.datasync();
    } else {
      await this.#replaceBy(text);
    }
    this.#size = Buffer.byteLength(text);
    this.#liveBytes = this.#size;
  }

  async #replaceBy(text: string): Promise<void> {
    await this.#release();
    const fresh = await open(`${this.#path}.new`, 'w', OWNER_ONLY);
    try {
      await fresh.writeFile(text);
      await fresh.sync();
    } finally {
      await fresh.close();
    }
    await rename(`${this.#path}.new`, this.#path);
    await syncFolder(dirname(this.#path));
  }

  async #release(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close().catch(() => {});
  }
}

/** Makes the rename last. Some systems cannot open a folder; there the rename is left to them. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
