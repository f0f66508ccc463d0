import type { Config } from '../../config/options.ts';
import { lockFolder } from '../../store/sqlite/lock.ts';
import { Spool, type SpoolSettings } from './spool.ts';
import { makePrivate, spoolFolder } from './spool-files.ts';

/** A gigabyte holds an hour of callbacks at 200 a second. */
const usual: Omit<SpoolSettings, 'folder'> = {
  capBytes: 1024 ** 3,
  deadLetterBytes: 128 * 1024 ** 2,
  segmentBytes: 8 * 1024 ** 2,
};

/** A spool, and what gives its folder back. */
export interface OwnSpool {
  readonly spool: Spool;
  readonly unlock: () => void;
}

/**
 * Opens the spool of this node as its only user. The embedded store lies on the same disk, so a spool could not help it.
 * @throws StoreOpenError when another process has the folder
 */
export async function openSpool(
  { databaseUrl, dataDir }: Config,
  limits: Partial<SpoolSettings> = {},
): Promise<OwnSpool | null> {
  if (databaseUrl === '') return null;
  const folder = spoolFolder(dataDir);
  const unlock = lockFolder(folder, `cannot open the spool in ${folder}`);
  try {
    await makePrivate(folder);
    return { spool: await Spool.open({ ...usual, ...limits, folder }), unlock };
  } catch (error) {
    unlock();
    throw error;
  }
}
