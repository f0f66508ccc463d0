import { existsSync, mkdtempSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { iso } from '@ringside/core';
import { secretKeyFile } from '../../access/secret-box.ts';
import { createWhole, syncFile, syncFolder } from '../../durable-file.ts';
import { note } from '../../store/access/audit.ts';
import type { StoredErasure } from '../../store/access/records.ts';
import { driveSteps } from '../../store/access/steps.ts';
import { DEFAULT_WORKSPACE } from '../../store/limits.ts';
import { AccessTables } from '../../store/sqlite/access-tables.ts';
import { type Database, databasePath, openDatabase, renewEpoch } from '../../store/sqlite/database.ts';
import { isStoreLocked, lockStore } from '../../store/sqlite/lock.ts';
import { closeMoment, unsealBackup } from '../../store/sqlite/store-copy.ts';
import type { CliContext } from '../context.ts';
import { Progress } from '../progress.ts';
import { CliError } from '../terminal.ts';
import { copyStore, withUnfinished } from './copy-store.ts';
import { keyToPlace, readKey, type Unopened, unopenedWith } from './key-files.ts';
import { eraseAgain, erasuresIn, setAside, storeFiles } from './replaced-store.ts';
import { examineCopy, openStoreFile, type StoreFacts } from './store-file.ts';

export interface RestorePlan {
  readonly from: string;
  readonly dataDir: string;
  /** Whether a store that is there is moved aside. */
  readonly force: boolean;
  /** The setting; `null` when the key is a file. */
  readonly secretKey: Buffer | null;
}

interface Prepared extends StoreFacts {
  /** Erasures that the replaced store had and the backup had not: the server does them again at its start. */
  readonly erasedAgain: number;
  readonly unopened: Unopened;
}

export interface Restored extends Prepared {
  /** Where the store is now that was there, `null` where there was none. */
  readonly replaced: string | null;
  /** False when there is no other store that knows what was erased since. */
  readonly erasuresAreKnown: boolean;
}

/**
 * Makes a backup the store of a data folder. It is made ready in a folder inside that one, and moved to its place when
 * it is whole, looked through and on disk. Nothing that was there is deleted.
 */
export async function restore(plan: RestorePlan, context: CliContext): Promise<Restored> {
  const { dataDir } = plan;
  const path = resolve(plan.from);
  const db = openStoreFile(path);
  try {
    if (isStoreLocked(dataDir)) throw new CliError(`a server has the store in ${dataDir}: stop it first`);
    if (storeFiles(dataDir).length > 0 && !plan.force)
      throw new CliError(`there is a store in ${dataDir} already: give another folder, or --force to move it aside`);
    const key = keyToPlace(path, plan);
    // The lock makes the folder; from here on nobody else writes in it.
    const unlock = lockStore(dataDir);
    try {
      return await restoreLocked(plan, { db, path, key }, context);
    } finally {
      unlock();
    }
  } finally {
    closeMoment(db);
  }
}

interface Source {
  readonly db: Database;
  readonly path: string;
  /** To be put into the data folder. */
  readonly key: Buffer | null;
}

async function restoreLocked(plan: RestorePlan, source: Source, context: CliContext): Promise<Restored> {
  const { dataDir } = plan;
  const erasures = erasuresIn(dataDir);
  const stage = mkdtempSync(join(dataDir, 'restoring-'));
  return withUnfinished([stage], async () => {
    const store = databasePath(stage);
    await copyStore('restore', source, store, new Progress(context.terminal, context.now));
    const facts = examineCopy(store, source.path);
    const key = plan.secretKey ?? source.key ?? readKey(secretKeyFile(dataDir));
    const prepared = { ...facts, ...makeReady(stage, { erasures: erasures ?? [], key, facts, now: context.now() }) };
    syncFile(store);
    const replaced = putInPlace(dataDir, { store, key: source.key }, context.now());
    return { ...prepared, replaced, erasuresAreKnown: erasures !== null };
  });
}

interface Making {
  readonly erasures: readonly StoredErasure[];
  readonly key: Buffer | null;
  readonly facts: StoreFacts;
  readonly now: number;
}

/** Brings a copy up to date and begins a new life of the store, which its audit log tells of. */
function makeReady(
  stage: string,
  { erasures, key, facts, now }: Making,
): { readonly erasedAgain: number; readonly unopened: Unopened } {
  const db = openDatabase(stage);
  try {
    unsealBackup(db);
    renewEpoch(db);
    const erasedAgain = eraseAgain(db, erasures, now);
    const backedUpAt = facts.backedUpAt === null ? null : iso(facts.backedUpAt);
    const audit = { at: now, workspace: DEFAULT_WORKSPACE, actor: 'cli', address: null };
    const entry = { ...audit, action: 'store.restored', target: null, after: { backedUpAt, erasedAgain } };
    driveSteps(note(entry), new AccessTables(db).rows);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return { erasedAgain, unopened: unopenedWith(db, key) };
  } finally {
    db.close();
  }
}

interface Placing {
  readonly store: string;
  readonly key: Buffer | null;
}

/** @returns the folder of what was there, `null` when nothing was */
function putInPlace(dataDir: string, { store, key }: Placing, now: number): string | null {
  const keyFile = secretKeyFile(dataDir);
  const old = storeFiles(dataDir);
  const isKeyReplaced = key !== null && existsSync(keyFile);
  const aside = isKeyReplaced ? [...old, keyFile] : old;
  const replaced = aside.length > 0 ? setAside(dataDir, aside, now) : null;
  if (key !== null) createWhole(keyFile, `${key.toString('base64')}\n`);
  renameSync(store, databasePath(dataDir));
  if (replaced !== null) syncFolder(replaced);
  syncFolder(dataDir);
  return replaced;
}
