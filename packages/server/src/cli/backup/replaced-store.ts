import { existsSync, mkdtempSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { addErasure, allErasures, erasure } from '../../store/access/erasures.ts';
import type { StoredErasure } from '../../store/access/records.ts';
import { driveSteps } from '../../store/access/steps.ts';
import { nothingFound } from '../../store/privacy/erasure-count.ts';
import { AccessTables } from '../../store/sqlite/access-tables.ts';
import { type Database, databasePath } from '../../store/sqlite/database.ts';
import { closeMoment, openUnchanging } from '../../store/sqlite/store-copy.ts';
import { fileTime } from './file-time.ts';

/** The files of the store in a data folder. A log without its database is one: it would spoil another database. */
export function storeFiles(dataDir: string): string[] {
  return ['', '-wal', '-shm', '-journal']
    .map((ending) => databasePath(dataDir) + ending)
    .filter((path) => existsSync(path));
}

/** The erasures of the store in a data folder that this process has locked, `null` where none can be read. */
export function erasuresIn(dataDir: string): StoredErasure[] | null {
  const path = databasePath(dataDir);
  if (!existsSync(path)) return null;
  try {
    foldLog(path);
    // Somebody still reads it, so the newest may be in the log alone.
    if (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size) return null;
    const db = openUnchanging(path);
    try {
      const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'erasures'").get();
      return table === undefined ? [] : driveSteps(allErasures(), new AccessTables(db).rows);
    } finally {
      closeMoment(db);
    }
  } catch {
    // Whatever is wrong with it, its files are kept, all of them together.
    return null;
  }
}

/**
 * Begins erasures again that a restored store does not know. Their tokens are enough: once a server has the store, it
 * looks for the numbers as it does for those whose erasure a restart interrupted.
 * @returns how many there were
 */
export function eraseAgain(db: Database, known: readonly StoredErasure[], now: number): number {
  const access = new AccessTables(db);
  const missing = known.filter(({ workspace, token }) => driveSteps(erasure(workspace, token), access.rows) === null);
  access.inTransaction(() => {
    for (const { workspace, token, ...rest } of missing) {
      const audit = {
        ...{ at: now, workspace, actor: 'cli', address: null, action: 'number.erased', target: token },
        after: { reason: rest.reason, because: 'a backup was restored' },
      };
      driveSteps(addErasure({ ...rest, workspace, token, found: nothingFound, doneAt: null }, audit), access.rows);
    }
  });
  return missing.length;
}

/** Moves files of a data folder into a folder of their own inside it. @returns that folder */
export function setAside(dataDir: string, files: readonly string[], now: number): string {
  const folder = mkdtempSync(join(dataDir, `replaced-${fileTime(now)}-`));
  for (const file of files) renameSync(file, join(folder, basename(file)));
  return folder;
}

/** Moves the write-ahead log into its database, so that the store is one file. */
function foldLog(path: string): void {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}
