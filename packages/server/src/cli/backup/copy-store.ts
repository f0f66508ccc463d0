import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from '../../store/sqlite/database.ts';
import { bytesOf, copyAtMoment } from '../../store/sqlite/store-copy.ts';
import type { Progress } from '../progress.ts';
import { CliError } from '../terminal.ts';
import { mustHaveRoom } from './disk.ts';
import { plainError } from './store-file.ts';

const STOPPED = 130;

/** Copies the store that a connection sees into a new file. */
export async function copyStore(
  label: string,
  from: { readonly db: Database; readonly path: string },
  to: string,
  progress: Progress,
): Promise<void> {
  const bytes = bytesOf(from.db);
  await mustHaveRoom(dirname(to), bytes);
  let copied = 0;
  progress.start(label, null, 'pages');
  try {
    await copyAtMoment(from.db, to, (done, total) => {
      progress.add(done - copied, done / total);
      copied = done;
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What Node says of the new file names it; what SQLite says is of the old one, or of a disk that is full.
    throw code?.startsWith('E') && !code.startsWith('ERR_')
      ? new CliError((error as Error).message, { cause: error })
      : plainError(from.path, error);
  } finally {
    progress.clear();
  }
}

/** Does work on files that are not finished, and takes away what is left of them however the work ends. */
export async function withUnfinished<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
  const remove = (): void => {
    for (const path of paths) {
      rmSync(path, { force: true, recursive: true });
      for (const ending of ['-journal', '-wal', '-shm']) rmSync(path + ending, { force: true });
    }
  };
  const stop = (): never => {
    remove();
    process.exit(STOPPED);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work();
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    remove();
  }
}
