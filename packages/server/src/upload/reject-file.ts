import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RejectedRow } from '@ringside/protocol';

/**
 * Rejected rows of an upload, as lines of NDJSON on the disk: whoever sends may read no answer before all is sent. Its
 * name is gone as soon as it is open, so that nothing is left behind however the upload ends.
 */
export class RejectFile {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @param folder the data folder */
  static async open(folder: string): Promise<RejectFile> {
    const path = join(folder, `rejected-${randomUUID()}.tmp`);
    const file = await open(path, 'wx+', 0o600);
    await rm(path);
    return new RejectFile(file);
  }

  async write(rows: readonly RejectedRow[]): Promise<void> {
    if (rows.length > 0) await this.#file.appendFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  /** What was written, from the beginning. */
  read(): AsyncIterable<Uint8Array> {
    return this.#file.createReadStream({ start: 0, autoClose: false });
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
