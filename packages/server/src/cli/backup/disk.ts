import { closeSync, fsyncSync, openSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { CliError, sized } from '../terminal.ts';

/** A full disk refuses callbacks, and a backup may lie on the disk of the store: so much is left free. */
const LEFT_FREE = 200 * 1024 ** 2;

/** @throws CliError when there is no room for so many bytes */
export async function mustHaveRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < bytes + LEFT_FREE)
    throw new CliError(
      `${sized(bytes)} and ${sized(LEFT_FREE)} to spare do not fit into ${folder}: ${sized(free)} free`,
    );
}

/** Makes the content of a file durable. */
export function syncFile(path: string): void {
  sync(path, 'r+');
}

/** Makes the names in a folder durable. */
export function syncFolder(path: string): void {
  // Windows has no such thing: names are durable with the file.
  if (process.platform !== 'win32') sync(path, 'r');
}

function sync(path: string, flags: string): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
