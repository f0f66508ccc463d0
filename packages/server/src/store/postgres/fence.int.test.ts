import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventReceipt, TEST_SECRET_KEY, WORKSPACE } from '../../testing/engine.ts';
import { nthEnd } from '../../testing/many-calls.ts';
import { startPostgres, type TestPostgres } from '../../testing/postgres.ts';
import { StoreFault } from '../store.ts';
import { openPostgresStore } from './open.ts';

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

it('keeps out work of an owner of before, and lets that of the present one in', async () => {
  const url = await server.database();
  const store = await openPostgresStore({
    url,
    plivoTimeZone: 'UTC',
    unregisteredLimit: 9,
    secretKey: TEST_SECRET_KEY,
  });
  try {
    await store.apply([eventReceipt(nthEnd('c', 0)), eventReceipt(nthEnd('c', 1))]);
    await server.query(url, "INSERT INTO rescoring (campaign_key, after_row) SELECT campaign_key, '' FROM campaigns");
    const leases = store.shared?.leases;
    const old = { name: 'upkeep', token: (await leases?.take('upkeep', 'a', 60_000)) ?? 0 };
    await leases?.release('upkeep', 'a');
    const own = { name: 'upkeep', token: (await leases?.take('upkeep', 'b', 60_000)) ?? 0 };
    const before = await store.report(WORKSPACE, 'c', 10, Date.now());
    await expect(store.rescoreStep(Date.now(), old)).rejects.toThrow(StoreFault);
    expect(await store.report(WORKSPACE, 'c', 10, Date.now())).toEqual(before);
    expect(await server.query(url, 'SELECT after_row FROM rescoring')).toEqual([{ after_row: '' }]);
    while ((await store.rescoreStep(Date.now(), own)).more);
    expect(await server.query(url, 'SELECT after_row FROM rescoring')).toEqual([]);
  } finally {
    await store.close();
  }
});
