import { appendFile, stat } from 'node:fs/promises';
import type { SpoolEntry } from './entry.ts';
import { deadLetterFile, FILE_MODE, isGone, linesOf } from './spool-files.ts';

/**
 * The file of what can never be applied, where somebody may look at it. It holds up nothing. When it is full, what
 * comes is only counted: anybody may send what has no valid signature.
 */
export class DeadLetters {
  readonly #path: string;
  readonly #capBytes: number;
  #count: number;
  #bytes: number;

  private constructor(path: string, capBytes: number, found: { readonly count: number; readonly bytes: number }) {
    this.#path = path;
    this.#capBytes = capBytes;
    this.#count = found.count;
    this.#bytes = found.bytes;
  }

  static async open(folder: string, capBytes: number): Promise<DeadLetters> {
    const path = deadLetterFile(folder);
    return new DeadLetters(path, capBytes, await measure(path));
  }

  /** How many lie there. */
  get count(): number {
    return this.#count;
  }

  /** @returns false when the file, or the disk, is full */
  async bury(what: SpoolEntry | string, why: string, at: number): Promise<boolean> {
    const line = Buffer.from(`${JSON.stringify({ at: new Date(at).toISOString(), why, what })}\n`);
    if (this.#bytes + line.length > this.#capBytes) return false;
    try {
      await appendFile(this.#path, line, { flush: true, mode: FILE_MODE });
    } catch (error) {
      // What waits behind it must go on: that it is handed over is what makes room.
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
      throw error;
    }
    this.#bytes += line.length;
    this.#count += 1;
    return true;
  }

  /** Notices that somebody put them back or threw them away. */
  async look(): Promise<void> {
    const bytes = await sizeOf(this.#path);
    if (bytes === this.#bytes) return;
    const found = await measure(this.#path);
    this.#count = found.count;
    this.#bytes = found.bytes;
  }
}

async function measure(path: string): Promise<{ count: number; bytes: number }> {
  const bytes = await sizeOf(path);
  let count = 0;
  if (bytes > 0) for await (const _line of linesOf(path)) count += 1;
  return { count, bytes };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isGone(error)) return 0;
    throw error;
  }
}
