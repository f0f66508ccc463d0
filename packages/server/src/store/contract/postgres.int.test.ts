import { afterAll, beforeAll } from 'vitest';
import { takeBackPostgres } from '../../testing/before-campaign-events.ts';
import { differencesIn } from '../../testing/differences.ts';
import { TEST_SECRET_KEY } from '../../testing/engine.ts';
import { sharedPostgres, type TestDatabases } from '../../testing/postgres.ts';
import { copyToSqlite } from '../../testing/postgres-copy.ts';
import { UNREGISTERED_LIMIT } from '../limits.ts';
import { openPostgresStore } from '../postgres/open.ts';
import { storeContract } from './contract.ts';
import type { StoreKind } from './place.ts';

let server: TestDatabases;
beforeAll(async () => {
  server = await sharedPostgres();
});
afterAll(() => server.stop());

const postgres: StoreKind = {
  name: 'PostgreSQL',
  async place() {
    const url = await server.database();
    return {
      open: (unregisteredLimit = UNREGISTERED_LIMIT) =>
        openPostgresStore({ url, plivoTimeZone: 'UTC', unregisteredLimit, secretKey: TEST_SECRET_KEY }),
      takeBack: () => takeBackPostgres(url),
      async differences(now) {
        const copy = await copyToSqlite(url);
        try {
          return differencesIn(copy.path, now);
        } finally {
          copy.remove();
        }
      },
      texts: () => textsIn(url),
      remove: async () => {},
    };
  },
};

/** Every row, and what the planner remembers of rows. */
async function textsIn(url: string): Promise<string> {
  const named = await server.query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
  const tables = named.map(({ tablename }) => `"${tablename}"`);
  const rows = await Promise.all([...tables, 'pg_stats'].map((table) => server.query(url, `TABLE ${table}`)));
  return JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}

storeContract(() => postgres, Number(process.env.LAW_RUNS ?? 15));
