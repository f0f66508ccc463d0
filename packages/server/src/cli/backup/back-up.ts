import { chmodSync, copyFileSync, existsSync, realpathSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { secretKeyFile } from '../../access/secret-box.ts';
import { syncFile, syncFolder } from '../../durable-file.ts';
import { databasePath } from '../../store/sqlite/database.ts';
import { closeMoment, sealBackup } from '../../store/sqlite/store-copy.ts';
import type { CliContext } from '../context.ts';
import { Progress } from '../progress.ts';
import { CliError } from '../terminal.ts';
import { copyStore, withUnfinished } from './copy-store.ts';
import { fileTime } from './file-time.ts';
import { keyFileBeside } from './key-files.ts';
import { examineCopy, factsOf, openStoreFile, plainly, type StoreFacts } from './store-file.ts';

export interface BackupPlan {
  readonly dataDir: string;
  /** A file, or a folder in which one is made that is named after the time. */
  readonly to: string;
  /** Whether a file that is there is replaced. */
  readonly force: boolean;
  readonly withSecretKey: boolean;
}

export interface Backup extends StoreFacts {
  readonly file: string;
  /** Where the copy of the secret key is, if one was wanted. */
  readonly keyFile: string | null;
  readonly bytes: number;
  readonly seconds: number;
}

/**
 * Copies the store as it is at one moment, whether a server has it or not. Nothing appears under its final name before
 * it is whole, looked through and on disk.
 */
export async function backUp(plan: BackupPlan, { terminal, now }: CliContext): Promise<Backup> {
  const { dataDir, withSecretKey } = plan;
  const path = databasePath(dataDir);
  if (!existsSync(path))
    throw new CliError(`there is no store in ${dataDir}: set RINGSIDE_DATA to the data folder of the server`);
  const begun = now();
  const file = targetOf(plan, begun);
  const keyFile = withSecretKey ? keyFileBeside(file) : null;
  const files = keyFile === null ? [file] : [keyFile, file];
  mustBeFree(files, plan);
  const unfinished = (name: string): string => `${name}.${process.pid}.partial`;
  return withUnfinished(files.map(unfinished), async () => {
    const facts = await copyAndExamine(path, unfinished(file), new Progress(terminal, now), now);
    if (keyFile !== null) copyKey(dataDir, unfinished(keyFile));
    mustBeFree(files, plan);
    for (const name of files) renameSync(unfinished(name), name);
    syncFolder(dirname(file));
    return { ...facts, file, keyFile, bytes: statSync(file).size, seconds: (now() - begun) / 1000 };
  });
}

async function copyAndExamine(path: string, to: string, progress: Progress, now: () => number): Promise<StoreFacts> {
  const db = openStoreFile(path);
  const at = now();
  let expected: StoreFacts;
  try {
    expected = plainly(path, () => factsOf(db));
    await copyStore('backup', { db, path }, to, progress);
  } finally {
    closeMoment(db);
  }
  plainly(path, () => sealBackup(to, at));
  syncFile(to);
  const facts = examineCopy(to, path);
  if (JSON.stringify({ ...expected, backedUpAt: at }) !== JSON.stringify(facts))
    throw new CliError(`the copy of ${path} does not hold what the store does: look at the disk of ${dirname(to)}`);
  return facts;
}

function copyKey(dataDir: string, to: string): void {
  copyFileSync(secretKeyFile(dataDir), to);
  chmodSync(to, 0o600);
  syncFile(to);
}

function targetOf({ to, dataDir }: BackupPlan, at: number): string {
  const path = resolve(to);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? to.endsWith(sep);
  const folder = isFolder ? path : dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new CliError(`there is no folder ${folder}: make it, or give another --to`);
  if (realpathSync(folder) === realpathSync(dataDir))
    throw new CliError(`${folder} is the data folder itself: a backup belongs elsewhere, best on another disk`);
  return join(folder, isFolder ? `ringside-${fileTime(at)}.db` : basename(path));
}

function mustBeFree(files: readonly string[], { force }: BackupPlan): void {
  const taken = force ? undefined : files.find((file) => existsSync(file));
  if (taken !== undefined) throw new CliError(`${taken} is there already: give another --to, or --force to replace it`);
}
