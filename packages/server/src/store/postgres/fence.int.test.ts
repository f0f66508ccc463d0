import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventReceipt, TEST_SECRET_KEY, WORKSPACE } from '../../testing/engine.ts';
import { nthEnd } from '../../testing/many-calls.ts';
import { sharedPostgres, type TestDatabases } from '../../testing/postgres.ts';
import { CAMPAIGN, idsOf, listOf, NOW, wish } from '../contract/dialing-steps.ts';
import { StoreFault } from '../store.ts';
import { openPostgresStore } from './open.ts';

let server: TestDatabases;
beforeAll(async () => {
  server = await sharedPostgres();
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

it('lets nobody take, send, settle or note anything but the owner of the lease', async () => {
  const url = await server.database();
  const open = { url, plivoTimeZone: 'UTC', unregisteredLimit: 9, secretKey: TEST_SECRET_KEY };
  const store = await openPostgresStore(open);
  try {
    await listOf(store, 3);
    const leases = store.shared?.leases;
    const old = { name: 'dialer/MA1', token: (await leases?.take('dialer/MA1', 'a', 60_000)) ?? 0 };
    const { attempts } = await store.dial.take(wish({ most: 2 }), old, NOW);
    const ids = idsOf(attempts);
    expect(await store.dial.beginSending(CAMPAIGN, ids.slice(1), NOW, old)).toEqual(ids.slice(1));
    await leases?.release('dialer/MA1', 'a');
    const own = { name: 'dialer/MA1', token: (await leases?.take('dialer/MA1', 'b', 60_000)) ?? 0 };
    const before = await store.dial.openAttempts('MA1');
    const [intended = '', sent = ''] = ids;
    const look = { kind: 'empty', what: 'nothing there' } as const;
    const tries = [
      store.dial.take(wish(), old, NOW),
      store.dial.beginSending(CAMPAIGN, [intended], NOW, old),
      store.dial.putBack(CAMPAIGN, [intended], old),
      store.dial.endSending(CAMPAIGN, [{ attemptId: sent, kind: 'not-sent' }], old, NOW),
      store.dial.settle(CAMPAIGN, [{ attemptId: sent, outcome: 'busy', dueAt: null }], old, NOW),
      store.dial.noteLook(CAMPAIGN, sent, look, false, old, NOW),
    ];
    for (const { status, reason } of (await Promise.allSettled(tries)) as PromiseRejectedResult[]) {
      expect([status, reason]).toEqual(['rejected', expect.any(StoreFault)]);
    }
    expect(await store.dial.openAttempts('MA1')).toEqual(before);
    await store.dial.putBack(CAMPAIGN, [intended], own);
    expect((await store.dial.take(wish(), own, NOW)).attempts).toHaveLength(2);
  } finally {
    await store.close();
  }
});
