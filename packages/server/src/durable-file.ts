import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What file systems say that know no second name of a file. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/**
 * Makes a small file for its owner alone: it is there whole and durable, or not at all. One that is there already stays
 * as it is.
 * @throws Error that names the file
 */
export function createWhole(path: string, text: string): void {
  writeAside(path, text, (aside) => {
    try {
      linkSync(aside, path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return;
      if (!NO_LINKS.has(code)) throw error;
      renameSync(aside, path);
    }
  });
}

/** Puts a small file in the place of one that may be there: the old one stays until the new one is whole and durable. */
export function replaceWhole(path: string, text: string): void {
  writeAside(path, text, (aside) => renameSync(aside, path));
}

function writeAside(path: string, text: string, put: (aside: string) => void): void {
  const aside = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(aside, text, { mode: 0o600, flush: true });
    put(aside);
    syncFolder(dirname(path));
  } catch (error) {
    throw new Error(`${path} cannot be written: ${(error as Error).message}`, { cause: error });
  } finally {
    rmSync(aside, { force: true });
  }
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
