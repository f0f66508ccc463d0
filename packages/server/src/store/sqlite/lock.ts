import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { StoreOpenError } from '../store.ts';
import { type Database, openDatabase } from './database.ts';

const FILE = 'ringside.lock';
const SQLITE_BUSY = 5;
/** A server that was just told to stop may still be closing. */
const WAIT_MS = 1_000;

/**
 * Takes the data folder for this process. The rollups of a store live in its server's memory, so a second writer would
 * count wrongly. An empty database serves as the lock: its operating-system lock ends with the process, however that ends.
 * @returns what gives the folder back
 */
export function lockStore(dataDir: string): () => void {
  return lockFolder(dataDir, `cannot open the store in ${dataDir}`);
}

/**
 * Takes a folder, which it makes where there is none.
 * @param failing how the complaint begins
 * @returns what gives the folder back
 */
export function lockFolder(folder: string, failing: string): () => void {
  try {
    mkdirSync(folder, { recursive: true });
    return take(folder, WAIT_MS);
  } catch (error) {
    const reason = isBusy(error) ? 'another Ringside process has it' : (error as Error).message;
    throw new StoreOpenError(`${failing}: ${reason}`, { cause: error });
  }
}

/** Opens the store as its only writer. */
export function openOwnDatabase(dataDir: string): { readonly db: Database; readonly close: () => void } {
  const unlock = lockStore(dataDir);
  try {
    const db = openDatabase(dataDir);
    const close = (): void => {
      db.close();
      unlock();
    };
    return { db, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** True while a server, an import or a repair has the store. */
export function isStoreLocked(dataDir: string): boolean {
  return isFolderLocked(dataDir);
}

/** True while a process has the folder. */
export function isFolderLocked(folder: string): boolean {
  // Asking must not make the file: it might then belong to somebody whose files the server cannot open.
  if (!existsSync(join(folder, FILE))) return false;
  try {
    take(folder, 0)();
    return false;
  } catch (error) {
    return isBusy(error);
  }
}

function take(dataDir: string, waitMs: number): () => void {
  const db = new DatabaseSync(join(dataDir, FILE));
  try {
    // In memory, so that no journal lies about; nothing is ever written.
    db.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;`);
  } catch (error) {
    db.close();
    throw error;
  }
  return () => db.close();
}

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === SQLITE_BUSY;
}
