import pg from 'pg';
import { expect, it } from 'vitest';
import { TEST_SECRET_KEY } from '../../testing/engine.ts';
import { sharedPostgres } from '../../testing/postgres.ts';
import { openPostgresStore } from './open.ts';

it('says of what is no ticket that it is none, though all changes of access are held up', async () => {
  const server = await sharedPostgres();
  const url = await server.database();
  const store = await openPostgresStore({
    ...{ url, plivoTimeZone: 'UTC', unregisteredLimit: 10, secretKey: TEST_SECRET_KEY },
  });
  const other = new pg.Client({ connectionString: url });
  try {
    await other.connect();
    await other.query('SELECT pg_advisory_lock(7274511024)');
    expect(await store.access.takeTicket('none', null, 0)).toBe(null);
  } finally {
    await other.end();
    await store.close();
    await server.stop();
  }
});
