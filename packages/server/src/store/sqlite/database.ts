import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { StoreOpenError } from '../store.ts';
import { migrations } from './sql.ts';

/** An open SQLite database. */
export type Database = InstanceType<typeof DatabaseSync>;

const FILE = 'ringside.db';
const BUSY_TIMEOUT_MS = 2_000;
/** A write-ahead log that grew while somebody read for long is cut to this when it begins anew. */
const LOG_KEPT_BYTES = 64 * 1024 * 1024;

/** Where the embedded store of a data folder lies. */
export function databasePath(dataDir: string): string {
  return join(dataDir, FILE);
}

/**
 * Opens the embedded store, bringing its schema up to date. Durability is not negotiable: `synchronous=FULL` makes
 * a commit wait for the disk. The page cache and the wide checkpoint keep random inserts cheap. What is deleted is
 * overwritten, so that records that were deleted and numbers that were erased do not stay in free pages.
 */
export function openDatabase(dataDir: string): Database {
  try {
    mkdirSync(dataDir, { recursive: true });
    const db = new DatabaseSync(databasePath(dataDir));
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = 8000;
      PRAGMA journal_size_limit = ${LOG_KEPT_BYTES};
      PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
      PRAGMA temp_store = MEMORY;
      PRAGMA secure_delete = ON;
    `);
    migrate(db, dataDir);
    return db;
  } catch (error) {
    if (error instanceof StoreOpenError) throw error;
    throw new StoreOpenError(`cannot open the store in ${dataDir}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Moves the write-ahead log into the database and cuts it: until then it holds what was deleted or overwritten since.
 * @returns false when somebody is reading what is in it; nobody waits for that
 */
export function emptyLog(db: Database): boolean {
  db.exec('PRAGMA busy_timeout = 0');
  try {
    return (db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number }).busy === 0;
  } finally {
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }
}

/** Names this life of the store: it changes when a store is restored, so that no client mixes two histories. */
export function epochOf(db: Database): string {
  const row = db.prepare("SELECT value FROM meta WHERE name = 'epoch'").get() as { value: string } | undefined;
  if (row) return row.value;
  const epoch = randomBytes(4).toString('hex');
  db.prepare("INSERT INTO meta (name, value) VALUES ('epoch', ?)").run(epoch);
  return epoch;
}

/** Begins a new life of the store: whoever holds a report of the old one asks for a whole one. */
export function renewEpoch(db: Database): void {
  db.prepare("UPDATE meta SET value = ? WHERE name = 'epoch'").run(randomBytes(4).toString('hex'));
}

function migrate(db: Database, dataDir: string): void {
  const known = migrations();
  const newest = known.at(-1)?.version ?? 0;
  const { user_version: current } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (current > newest) {
    throw new StoreOpenError(
      `the store in ${dataDir} was written by a newer Ringside (schema ${current}, this one knows ${newest}): upgrade Ringside`,
    );
  }
  for (const { version, text } of known.filter((migration) => migration.version > current)) {
    db.exec(`BEGIN IMMEDIATE; ${text}; PRAGMA user_version = ${version}; COMMIT;`);
  }
}
