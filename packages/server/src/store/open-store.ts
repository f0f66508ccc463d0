import { secretKeyOf } from '../access/secret-box.ts';
import type { Config } from '../config/options.ts';
import { UNREGISTERED_LIMIT } from './limits.ts';
import { type Store, StoreOpenError } from './store.ts';

/** Of the settings, those of the store. */
export type StoreConfig = Pick<Config, 'databaseUrl' | 'dataDir' | 'plivoTimeZone' | 'secretKey'>;

/**
 * Opens the store that the settings name. PostgreSQL's driver is loaded only where it is used.
 * @throws StoreOpenError with one line for the operator
 */
export async function openStore(config: StoreConfig): Promise<Store> {
  const { databaseUrl: url, dataDir, plivoTimeZone } = config;
  const settings = { plivoTimeZone, unregisteredLimit: UNREGISTERED_LIMIT, secretKey: secretKeyFor(config) };
  if (url !== '') {
    const { openPostgresStore } = await import('./postgres/open.ts');
    return openPostgresStore({ ...settings, url });
  }
  const { openSqliteStore } = await import('./sqlite/client.ts');
  return openSqliteStore({ ...settings, dataDir });
}

/** Without its key a store cannot be opened: tokens in it could not be read, nor erased numbers known again. */
function secretKeyFor({ secretKey, dataDir }: StoreConfig): Buffer {
  try {
    return secretKeyOf(secretKey, dataDir);
  } catch (error) {
    throw new StoreOpenError(`cannot open the store in ${dataDir}: ${(error as Error).message}`, { cause: error });
  }
}
