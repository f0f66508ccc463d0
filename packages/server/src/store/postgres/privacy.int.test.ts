import { T0 } from '@ringside/core/testing';
import { defaultSettings } from '@ringside/protocol';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { differencesIn } from '../../testing/differences.ts';
import { auditBy, callbackReceipt, eventReceipt, TEST_SECRET_KEY, WORKSPACE } from '../../testing/engine.ts';
import { sharedPostgres, type TestDatabases } from '../../testing/postgres.ts';
import { copyToSqlite } from '../../testing/postgres-copy.ts';
import { audit, CANARY, NOW, tracesIn } from '../contract/erasing.ts';
import { retainUntil } from '../contract/retention.ts';
import type { Store } from '../store.ts';
import { openPostgresStore } from './open.ts';

const DAY = 24 * 3_600_000;
/** Whoever holds it stops transactions that write to a gated table. */
const GATE = 42;

let server: TestDatabases;
let url: string;
let a: Store;
let b: Store;
let gate: pg.Client;
beforeAll(async () => {
  server = await sharedPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  url = await server.database();
  const open = () =>
    openPostgresStore({ url, plivoTimeZone: 'UTC', unregisteredLimit: 1_000, secretKey: TEST_SECRET_KEY });
  [a, b] = [await open(), await open()];
  gate = new pg.Client({ connectionString: url });
  await gate.connect();
});
afterEach(async () => {
  await gate.end();
  await Promise.all([a.close(), b.close()]);
});

const placed = (callId: string, campaignId = 'c', to = CANARY) =>
  eventReceipt({ type: 'initiated', campaignId, callId, to, at: new Date(T0).toISOString() });
const ring = (callId: string) => callbackReceipt(T0, '', `CallUUID=${callId}&Event=Ring&To=919876543210`);
const erase = (node: Store) => node.erase({ workspace: WORKSPACE, number: CANARY, reason: null }, audit);
const toTheEnd = async (node: Store) => {
  while ((await node.eraseStep(NOW, null)).more);
};

/** Every row, and what the planner remembers of rows. */
async function traces(): Promise<string[]> {
  const tables = await server.query(url, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
  const rows = await Promise.all(tables.map(({ name }) => server.query(url, `SELECT t::text FROM ${name} t`)));
  return tracesIn(JSON.stringify([rows, await server.query(url, 'SELECT s::text FROM pg_stats s')]));
}

async function differences(): Promise<string[]> {
  const copy = await copyToSqlite(url);
  try {
    return differencesIn(copy.path, NOW);
  } finally {
    copy.remove();
  }
}

/** Stops writers of a table in the middle of their transactions. @returns what lets them go on */
async function gated(table: string): Promise<() => Promise<unknown>> {
  await gate.query(
    `CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${GATE}); RETURN NEW; END $$;
     CREATE TRIGGER gate BEFORE INSERT ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION wait();
     SELECT pg_advisory_lock(${GATE})`,
  );
  return () => gate.query(`SELECT pg_advisory_unlock(${GATE})`);
}

/** Waits for so many transactions that wait for an advisory lock. */
const waiting = (kind: string, count: number) =>
  expect
    .poll(async () => {
      const sql = `SELECT count(*)::int AS n FROM pg_locks
                   WHERE locktype = 'advisory' AND NOT granted AND mode = '${kind}'
                     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      return (await gate.query(sql)).rows[0].n;
    })
    .toBe(count);
const erasuresStored = async () => (await gate.query('SELECT count(*)::int AS n FROM erasures')).rows[0].n;

describe('a number that one node erased', () => {
  it('is stored by no other node from then on, in no campaign, old or new, nor in the bin', async () => {
    await b.apply([placed('before'), placed('x', 'c', '+14155550100')]);
    await erase(a);
    await b.apply([placed('after'), placed('new', 'made-now'), ring('nobody')]);
    await toTheEnd(a);
    expect(await traces()).toEqual([]);
    expect((await b.ping()).unassigned).toBe(0);
    expect((await b.report(WORKSPACE, 'c', 10, NOW))?.report.progress).toMatchObject({ attempts: 3, totalCalls: 2 });
    expect(await differences()).toEqual([]);
  });

  it('is found in what a transaction writes that had begun before', async () => {
    await b.apply([placed('other', 'c', '+14155550100')]);
    const open = await gated('call_events');
    const writing = b.apply([placed('late')]);
    await waiting('ShareLock', 1);
    await erase(a);
    const looking = toTheEnd(a);
    // It does not look before the writer has ended.
    await expect
      .poll(async () => {
        const sql = `SELECT count(*)::int AS n FROM pg_stat_activity
                     WHERE datname = current_database() AND wait_event IN ('transactionid', 'tuple')`;
        return (await gate.query(sql)).rows[0].n;
      })
      .toBe(1);
    await open();
    await Promise.all([writing, looking]);
    await toTheEnd(a);
    expect((await b.report(WORKSPACE, 'c', 10, NOW))?.report.progress.attempts).toBe(2);
    expect(await traces()).toEqual([]);
    expect(await differences()).toEqual([]);
  });

  it('is found in a campaign that was just being made, and in the bin', async () => {
    for (const [table, receipt] of [
      ['call_events', placed('first', 'unheard-of')],
      ['unassigned', ring('unheard-of')],
    ] as const) {
      url = await server.database();
      await Promise.all([a.close(), b.close(), gate.end()]);
      const settings = { url, plivoTimeZone: 'UTC', unregisteredLimit: 1_000, secretKey: TEST_SECRET_KEY };
      [a, b] = [await openPostgresStore(settings), await openPostgresStore(settings)];
      gate = new pg.Client({ connectionString: url });
      await gate.connect();
      const open = await gated(table);
      const writing = b.apply([receipt]);
      await waiting('ShareLock', 1);
      const erasing = erase(a);
      await waiting('ExclusiveLock', 1);
      expect(await erasuresStored()).toBe(0);
      await open();
      await Promise.all([writing, erasing]);
      await toTheEnd(a);
      expect([table, await traces()]).toEqual([table, []]);
    }
  });

  it('is erased once when both look for it at the same time, also while they write', async () => {
    const calls = Array.from({ length: 250 }, (_, n) => placed(`call-${n}`, `c-${n % 3}`));
    await a.apply(calls);
    await server.query(url, 'ANALYZE');
    expect((await traces()).length).toBeGreaterThan(250);
    await Promise.all([erase(a), erase(b)]);
    const more = Array.from({ length: 60 }, (_, n) => placed(`more-${n}`, `c-${n % 4}`));
    await Promise.all([
      toTheEnd(a),
      toTheEnd(b),
      ...more.map((receipt, n) => (n % 2 ? a : b).apply([receipt])),
      ...calls.slice(0, 20).map((receipt) => b.apply([receipt])),
    ]);
    await Promise.all([toTheEnd(a), toTheEnd(b)]);
    expect(await a.access.erasures(WORKSPACE)).toMatchObject([{ found: { calls: 250 }, doneAt: NOW }]);
    // What the planner knew of the number is gone too.
    expect(await traces()).toEqual([]);
    expect(await differences()).toEqual([]);
    const reports = await Promise.all(
      [a, b].map(async (node) => (await node.report(WORKSPACE, 'c-0', 5, NOW))?.report),
    );
    expect(reports[0]?.progress).toEqual(reports[1]?.progress);
  });
});

it('deletes each old record once when two nodes do it at the same time, while they write', async () => {
  const end = (callId: string, at: number) =>
    eventReceipt({
      ...{ type: 'ended', campaignId: 'c', callId, status: 'completed', duration: 9, to: `+1415555${callId}` },
      at: new Date(at).toISOString(),
    });
  const old = Array.from({ length: 1_500 }, (_, n) => end(`${1_000 + n}`, T0 + n));
  await a.apply(old);
  const settings = { ...defaultSettings, retention: { callDays: 1 } };
  await a.putSettings(WORKSPACE, settings, auditBy('test', NOW));
  const retain = (node: Store) => retainUntil(node, T0 + DAY);
  const fresh = Array.from({ length: 40 }, (_, n) => end(`${9_000 + n}`, T0 + 5 * DAY + n));
  await Promise.all([retain(a), retain(b), ...fresh.map((receipt, n) => (n % 2 ? a : b).apply([receipt]))]);
  for (const node of [a, b]) {
    const report = (await node.report(WORKSPACE, 'c', 100, NOW))?.report;
    expect(report?.progress).toMatchObject({ attempts: 1_540, totalCalls: 1_540 });
    expect(report?.recentActivity).toHaveLength(40);
  }
  const choice = { limit: 10, before: null, action: 'retention', target: 'c' };
  const told = (await a.access.auditEntries(WORKSPACE, choice)).map(({ after }) => (after as { calls: number }).calls);
  expect(told.reduce((sum, n) => sum + n, 0)).toBe(1_500);
  expect(await b.apply([old[0] ?? end('1000', T0)])).toMatchObject({ results: [{ code: 'past-retention' }] });
  expect(await differences()).toEqual([]);
});
