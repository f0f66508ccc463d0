import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { realEffects } from '../effects.ts';
import type { LeaseTable } from '../store/among-nodes.ts';
import { openPostgresStore } from '../store/postgres/open.ts';
import { type Store, StoreFault } from '../store/store.ts';
import { TEST_SECRET_KEY } from '../testing/engine.ts';
import { sharedPostgres, type TestDatabases } from '../testing/postgres.ts';
import { Lease } from './lease.ts';

const log = pino({ level: 'silent' });
let server: TestDatabases;
let store: Store;
let leases: LeaseTable;
let url: string;
let held: Lease[];
beforeAll(async () => {
  server = await sharedPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  url = await server.database();
  store = await openPostgresStore({ url, plivoTimeZone: 'UTC', unregisteredLimit: 10, secretKey: TEST_SECRET_KEY });
  if (!store.shared) throw new Error('PostgreSQL has no leases');
  ({ leases } = store.shared);
  held = [];
});
afterEach(async () => {
  for (const lease of held) await lease.stop();
  await store.close();
});

/** @param monotonic milliseconds; a test may let it run ahead */
function lease(owner: string, monotonic: () => number = () => performance.now(), table: LeaseTable = leases): Lease {
  const made = new Lease({ name: 'work', owner, table, effects: { ...realEffects, monotonic }, log });
  held.push(made);
  return made;
}

it('is had by one node at a time, with a token that grows with every owner', async () => {
  const first = await leases.take('work', 'a', 60_000);
  expect(first).toBe(1);
  expect(await leases.take('work', 'b', 60_000)).toBeNull();
  expect(await leases.take('work', 'a', 60_000)).toBe(first);
  expect(await leases.take('other work', 'b', 60_000)).toBe(1);
  await leases.release('work', 'b');
  expect(await leases.take('work', 'b', 60_000)).toBeNull();
  await leases.release('work', 'a');
  expect(await leases.take('work', 'b', 60_000)).toBe(2);
});

it('is taken once, whoever wants it at once', async () => {
  const taken = await Promise.all(Array.from({ length: 20 }, (_, n) => leases.take('work', `node ${n}`, 60_000)));
  expect(taken.filter((token) => token !== null)).toEqual([1]);
});

it('has another token for an owner that let it run out', async () => {
  expect(await leases.take('work', 'a', 1)).toBe(1);
  await expect.poll(() => leases.take('work', 'a', 60_000)).toBe(2);
});

it('passes on at once from a node that stops', async () => {
  const a = lease('a');
  a.start();
  await expect.poll(() => a.isMine).toBe(true);
  const b = lease('b');
  await a.stop();
  expect(a.isMine).toBe(false);
  b.start();
  await expect.poll(() => b.fence).toEqual({ name: 'work', token: 2 });
});

it('is taken from an owner that died before the database’s clock was set back, and from none that lives', async () => {
  let ahead = 0;
  const marks: (string | null)[] = [];
  const seen = (more: number) => expect.poll(() => marks.length).toBeGreaterThanOrEqual(marks.length + more);
  const table: LeaseTable = {
    take: (...args) => leases.take(...args),
    mark: async (name) => marks[marks.push(await leases.mark(name)) - 1] ?? null,
    release: (...args) => leases.release(...args),
  };
  const sleep = (_ms: number, signal: AbortSignal) => realEffects.sleep(20, signal);
  const effects = { ...realEffects, sleep, monotonic: () => performance.now() + ahead };
  const b = new Lease({ name: 'work', owner: 'b', table, effects, log });
  held.push(b);
  // To the database two hours have yet to pass, whoever renews it meanwhile.
  const putOff = () => server.query(url, "UPDATE leases SET until = until + interval '2 hours'");
  expect(await leases.take('work', 'a', 10_000)).toBe(1);
  await putOff();
  b.start();
  for (let renewed = 0; renewed < 3; renewed += 1) {
    await seen(2);
    ahead += 5_000;
    await seen(2);
    expect(b.isMine).toBe(false);
    await putOff();
  }
  await seen(2);
  ahead += 14_000;
  await expect.poll(() => b.fence).toEqual({ name: 'work', token: 2 });
});

it('is not believed by a node that was frozen longer than it lasts', async () => {
  let ahead = 0;
  const a = lease('a', () => performance.now() + ahead);
  a.start();
  await expect.poll(() => a.isMine).toBe(true);
  ahead = 10_001;
  expect(a.isMine).toBe(false);
  expect(a.fence).toBeNull();
});

it('stays with its owner while the database does not answer, as long as it lasts and no longer', async () => {
  let ahead = 0;
  let isAway = false;
  const away: LeaseTable = {
    take: (...args) => (isAway ? Promise.reject(new StoreFault('away')) : leases.take(...args)),
    mark: (name) => leases.mark(name),
    release: (...args) => leases.release(...args),
  };
  const a = lease('a', () => performance.now() + ahead, away);
  a.start();
  await expect.poll(() => a.isMine).toBe(true);
  isAway = true;
  ahead = 5_000;
  expect(a.isMine).toBe(true);
  ahead = 10_001;
  expect(a.isMine).toBe(false);
});
