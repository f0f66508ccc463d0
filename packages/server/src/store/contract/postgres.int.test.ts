import { afterAll, beforeAll } from 'vitest';
import { TEST_SECRET_KEY } from '../../testing/engine.ts';
import { startPostgres, type TestPostgres } from '../../testing/postgres.ts';
import { UNREGISTERED_LIMIT } from '../limits.ts';
import { openPostgresStore } from '../postgres/open.ts';
import { storeContract } from './contract.ts';
import type { StoreKind } from './place.ts';

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const postgres: StoreKind = {
  name: 'PostgreSQL',
  async place() {
    const url = await server.database();
    return {
      open: (unregisteredLimit = UNREGISTERED_LIMIT) =>
        openPostgresStore({ url, plivoTimeZone: 'UTC', unregisteredLimit, secretKey: TEST_SECRET_KEY }),
      remove: async () => {},
    };
  },
};

storeContract(() => postgres);
