import type { Config } from '../config/options.ts';
import { UNREGISTERED_LIMIT } from './limits.ts';
import type { Store } from './store.ts';

/**
 * Opens the store that the settings name. PostgreSQL's driver is loaded only where it is used.
 * @throws StoreOpenError with one line for the operator
 */
export async function openStore(config: Pick<Config, 'databaseUrl' | 'dataDir' | 'plivoTimeZone'>): Promise<Store> {
  const { databaseUrl: url, dataDir, plivoTimeZone } = config;
  const settings = { plivoTimeZone, unregisteredLimit: UNREGISTERED_LIMIT };
  if (url !== '') {
    const { openPostgresStore } = await import('./postgres/open.ts');
    return openPostgresStore({ ...settings, url });
  }
  const { openSqliteStore } = await import('./sqlite/client.ts');
  return openSqliteStore({ ...settings, dataDir });
}
