import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { backup, DatabaseSync } from '@photostructure/sqlite';
import type { Database } from './database.ts';

/** Between two of these somebody is told how far the copy is: 4 MB. */
const PAGES_AT_ONCE = 1_000;
const BUSY_TIMEOUT_MS = 5_000;
const BACKED_UP_AT = 'backed-up-at';

/** Opens a database for reading, as it is at this moment; whoever writes may go on. */
export function openAtMoment(path: string): Database {
  return openedForReading(new DatabaseSync(path, { readOnly: true }));
}

/** Opens a database for reading that nobody writes meanwhile and that has no log; it leaves nothing beside the file. */
export function openUnchanging(path: string): Database {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return openedForReading(new DatabaseSync(url, { readOnly: true }));
}

function openedForReading(db: Database): Database {
  try {
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA cache_size = -16384; PRAGMA synchronous = FULL; BEGIN`);
    // The snapshot is taken by the first thing that is read.
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return db;
  } catch (error) {
    closeMoment(db);
    throw error;
  }
}

/** Ends the reading at once: the driver keeps a closed database, and its transaction, until statements are collected. */
export function closeMoment(db: Database): void {
  if (db.isTransaction) db.exec('COMMIT');
  db.close();
}

/**
 * Copies what a connection of {@link openAtMoment} sees into a new file, readable to its owner alone. The read
 * transaction is what makes it the store of one moment: without it, each commit of somebody else would begin the copy
 * anew. Until it ends, nothing that is in the write-ahead log of the source can be overwritten, so the log grows.
 * @param onPages is told how many pages of how many were copied
 */
export async function copyAtMoment(
  from: Database,
  to: string,
  onPages: (done: number, total: number) => void,
): Promise<void> {
  // Whatever waits for the disk is waited for by the commits of others too, so little ever waits.
  const file = openSync(to, 'wx', 0o600);
  try {
    await backup(from, to, {
      rate: PAGES_AT_ONCE,
      progress: ({ totalPages, remainingPages }) => {
        fdatasyncSync(file);
        onPages(totalPages - remainingPages, totalPages);
      },
    });
  } finally {
    closeSync(file);
  }
}

/** How much room the copy will take. */
export function bytesOf(db: Database): number {
  const { bytes } = db
    .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
    .get() as { bytes: number };
  return bytes;
}

/** Makes a copy one plain file that says when it was made, with no log beside it. */
export function sealBackup(path: string, at: number): void {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA journal_mode = DELETE');
    const sql = 'INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2';
    db.prepare(sql).run(BACKED_UP_AT, String(at));
  } finally {
    db.close();
  }
}

/** When a backup was made, in epoch milliseconds; `null` for a file that is the plain copy of a store. */
export function backedUpAt(db: Database): number | null {
  const row = db.prepare('SELECT value FROM meta WHERE name = ?').get(BACKED_UP_AT) as { value: string } | undefined;
  return row ? Number(row.value) : null;
}

/** A store in use is no backup. */
export function unsealBackup(db: Database): void {
  db.prepare('DELETE FROM meta WHERE name = ?').run(BACKED_UP_AT);
}
