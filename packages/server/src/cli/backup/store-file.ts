import { statSync } from 'node:fs';
import type { Database } from '../../store/sqlite/database.ts';
import { migrations } from '../../store/sqlite/sql.ts';
import { backedUpAt, closeMoment, openAtMoment, openUnchanging } from '../../store/sqlite/store-copy.ts';
import { CliError } from '../terminal.ts';

/** What a store holds, as it is told to the operator. */
export interface StoreFacts {
  readonly campaigns: number;
  readonly calls: number;
  /** Number of the last delivery: it counts up over the whole store. */
  readonly lastDelivery: number;
  /** Epoch milliseconds; `null` for the plain copy of a store. */
  readonly backedUpAt: number | null;
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOT_A_DATABASE = 26;
/** Tables that every version has. */
const TABLES = ['call_events', 'calls', 'campaigns', 'meta'] as const;

/**
 * Opens a file for reading, as it is at this moment.
 * @throws CliError when it is no store, or none that this Ringside knows
 */
export function openStoreFile(path: string): Database {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new CliError(`there is no file ${path}`);
  const db = plainly(path, () => openAtMoment(path));
  try {
    plainly(path, () => mustBeKnown(db, path));
    return db;
  } catch (error) {
    closeMoment(db);
    throw error;
  }
}

/**
 * Looks through a whole copy that nobody else has.
 * @param shown what it is a copy of, for the operator
 * @throws CliError when it is damaged
 */
export function examineCopy(path: string, shown: string): StoreFacts {
  return plainly(shown, () => {
    const db = openUnchanging(path);
    try {
      const [fault] = db.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
      if (fault?.quick_check !== 'ok') throw damaged(shown, fault?.quick_check ?? 'it cannot be checked');
      return factsOf(db);
    } finally {
      closeMoment(db);
    }
  });
}

/** Counts what a store holds. */
export function factsOf(db: Database): StoreFacts {
  const sql = `SELECT (SELECT count(*) FROM campaigns) AS campaigns, (SELECT count(*) FROM calls) AS calls,
               (SELECT coalesce(max(id), 0) FROM call_events) AS lastDelivery`;
  const counts = db.prepare(sql).get() as unknown as Omit<StoreFacts, 'backedUpAt'>;
  return { ...counts, backedUpAt: backedUpAt(db) };
}

/** Runs work on a file; what SQLite has against the file is told in one line that names it. */
export function plainly<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw plainError(path, error);
  }
}

/** What SQLite has against a file, in one line that names it. */
export function plainError(path: string, error: unknown): Error {
  if (error instanceof CliError) return error;
  const { errcode, message } = error as { errcode?: number; message: string };
  if (errcode === SQLITE_NOT_A_DATABASE) return notAStore(path, error);
  if (errcode === SQLITE_CORRUPT) return damaged(path, message, error);
  return new CliError(`${path} cannot be read: ${message}`, { cause: error });
}

function mustBeKnown(db: Database, path: string): void {
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
  const tables = new Set(names.map(({ name }) => name));
  if (TABLES.some((name) => !tables.has(name))) throw notAStore(path);
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  const newest = migrations().at(-1)?.version ?? 0;
  if (version > newest)
    throw new CliError(
      `${path} was written by a newer Ringside (schema ${version}, this one knows ${newest}): upgrade Ringside`,
    );
}

function notAStore(path: string, cause?: unknown): CliError {
  return new CliError(`${path} is not a store of Ringside`, { cause });
}

function damaged(path: string, how: string, cause?: unknown): CliError {
  return new CliError(`${path} is damaged: ${how.replaceAll('\n', ' ')}`, { cause });
}
