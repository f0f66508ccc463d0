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
