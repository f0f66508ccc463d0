import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Receipt } from '../../ingest/receipt.ts';
import { auditBy, eventReceipt, TEST_SECRET_KEY, WORKSPACE } from '../../testing/engine.ts';
import { sharedPostgres, type TestDatabases } from '../../testing/postgres.ts';
import { timeless } from '../contract/writes.ts';
import { type Store, StoreFault } from '../store.ts';
import { openPostgresStore, type PostgresSettings } from './open.ts';

const NOW = Date.UTC(2025, 7, 7, 15);

let server: TestDatabases;
let url: string;
let nodes: Store[] = [];
beforeAll(async () => {
  server = await sharedPostgres();
});
afterAll(() => server.stop());
afterEach(async () => {
  for (const node of nodes) await node.close();
  nodes = [];
});

/** Nodes of one store, as several processes would open it. */
async function openNodes(count: number, settings: Partial<PostgresSettings> = {}): Promise<Store[]> {
  url = await server.database();
  const fixed = { url, plivoTimeZone: 'UTC', unregisteredLimit: 1_000, secretKey: TEST_SECRET_KEY };
  const open = () => openPostgresStore({ ...fixed, ...settings });
  nodes = await Promise.all(Array.from({ length: count }, open));
  return nodes;
}

const ended = (callId: string, campaignId = 'c'): Receipt =>
  eventReceipt({
    ...{ type: 'ended', campaignId, callId, status: 'completed', duration: 60, to: '+919876543210' },
    at: new Date(Date.UTC(2025, 7, 7, 14, callId.length)).toISOString(),
  });
const report = async (node: Store, id = 'c') => (await node.report(WORKSPACE, id, 10, NOW))?.report;
const counted = async (sql: string) => (await server.query(url, sql))[0]?.n;

describe('two nodes', () => {
  it('that hear the same event at once keep one row of it and count it once', async () => {
    const [a, b] = (await openNodes(2)) as [Store, Store];
    for (let round = 0; round < 20; round++) {
      const same = [ended(`${round}-x`), ended(`${round}-y`)];
      const heard = await Promise.all([a.apply(same), b.apply([...same].reverse()), a.apply(same)]);
      const accepted = heard.flatMap(({ results }) => results).filter(({ result }) => result === 'accepted');
      expect(accepted).toHaveLength(2);
    }
    expect(await counted('SELECT count(*)::int AS n FROM calls')).toBe(40);
    expect(await counted('SELECT count(*)::int AS n FROM call_events')).toBe(40);
    for (const node of [a, b]) expect((await report(node))?.progress.attempts).toBe(40);
    expect(timeless(await report(a))).toEqual(timeless(await report(b)));
  });

  it('that write to one campaign in turn each show what the other wrote', async () => {
    const [a, b] = (await openNodes(2)) as [Store, Store];
    const campaign = { id: 'c', name: 'n', dialer: 'external', totalCalls: 100 } as const;
    await a.register(WORKSPACE, campaign, 'key', NOW, auditBy('key', NOW));
    for (let n = 0; n < 12; n++) {
      await [a, b][n % 2]?.apply([ended(`${'x'.repeat(n)}`.padEnd(3, `${n}`))]);
      for (const node of [a, b]) {
        const shown = await report(node);
        expect(shown?.progress.attempts).toBe(n + 1);
        expect(shown?.recentActivity).toHaveLength(Math.min(10, n + 1));
      }
    }
    await b.patch(WORKSPACE, 'c', { name: 'renamed' }, 'key', NOW + 1, auditBy('key', NOW));
    expect((await a.campaign(WORKSPACE, 'c', NOW))?.name).toBe('renamed');
  });

  it('make one campaign when both hear of it first', async () => {
    const [a, b] = (await openNodes(2)) as [Store, Store];
    const ids = Array.from({ length: 15 }, (_, n) => `new-${n}`);
    const made = await Promise.all(ids.flatMap((id) => [a.apply([ended('a', id)]), b.apply([ended('b', id)])]));
    expect(made.flatMap(({ results }) => results).every(({ result }) => result === 'accepted')).toBe(true);
    for (const id of ids) expect((await report(b, id))?.progress.attempts).toBe(2);
  });

  it('put a callback and its call together, whichever of them hears of the call first', async () => {
    const [a, b] = (await openNodes(2)) as [Store, Store];
    for (let n = 0; n < 25; n++) {
      const callback = (query: string): Receipt => ({
        ...{
          kind: 'plivo',
          workspace: WORKSPACE,
          receivedAt: NOW,
          query,
          body: `CallUUID=u-${n}&Event=StartApp`,
          nonce: null,
        },
        meaning: meaningOf(`u-${n}`, query === '' ? null : 'c', query === '' ? 'lone' : 'named'),
      });
      await Promise.all([a.apply([callback('')]), b.apply([callback('campId=c')])]);
      const found = await a.call(WORKSPACE, 'c', `u-${n}`, 'full');
      expect(found.outcome).toBe('call');
    }
    expect((await a.ping()).unassigned).toBe(0);
  });
});

describe('when PostgreSQL does not do what it is asked', () => {
  it('loses nothing and counts nothing twice when connections die in the middle of transactions', async () => {
    const [node] = (await openNodes(1)) as [Store];
    const killer = new pg.Client({ connectionString: url });
    await killer.connect();
    const kill = async (): Promise<number> => {
      const { rowCount } = await killer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`,
      );
      return rowCount ?? 0;
    };
    let faults = 0;
    for (let n = 0; n < 120; n++) {
      const receipts = [ended(`${n}-x`), ended(`${n}-y`, `c-${n % 5}`)];
      let isSettled = false;
      const applied = node.apply(receipts).then(
        () => true,
        () => false,
      );
      void applied.then(() => {
        isSettled = true;
      });
      // Every third batch loses its connections while it is written: each second of them once, the others until it fails.
      for (let killed = 0; n % 3 === 0 && !isSettled && (n % 2 === 0 || killed === 0); ) killed += await kill();
      if (await applied) continue;
      // A sender that hears of a fault sends again.
      faults += 1;
      await node.apply(receipts);
    }
    await killer.end();
    expect(await counted('SELECT count(*)::int AS n FROM call_events')).toBe(240);
    expect((await report(node))?.progress.attempts).toBe(120);
    expect((await report(node, 'c-1'))?.progress.attempts).toBe(24);
    expect(faults).toBeGreaterThan(0);
  });

  it('gives up on a campaign that somebody else holds, and goes on once it is free', async () => {
    const [node] = (await openNodes(1, { lockTimeoutMs: 50 })) as [Store];
    await node.apply([ended('first')]);
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    await holder.query('BEGIN; SELECT version FROM rollups FOR UPDATE');
    const began = Date.now();
    const [held, free] = await Promise.allSettled([node.apply([ended('second')]), node.apply([ended('x', 'other')])]);
    expect(held).toMatchObject({ status: 'rejected', reason: expect.any(StoreFault) });
    expect(Date.now() - began).toBeLessThan(3_000);
    expect(free.status).toBe('fulfilled');
    const freed = node.apply([ended('second')]);
    await holder.query('ROLLBACK');
    await holder.end();
    expect((await freed).results).toEqual([{ result: 'accepted' }]);
    expect((await report(node))?.progress.attempts).toBe(2);
  });

  it('leaves nothing behind of a batch that could not be written', async () => {
    const [node] = (await openNodes(1)) as [Store];
    await node.apply([ended('first')]);
    await server.query(
      url,
      `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END $$;
       CREATE TRIGGER full_disk BEFORE INSERT ON call_events FOR EACH ROW EXECUTE FUNCTION full_disk()`,
    );
    await expect(node.apply([ended('second'), ended('third', 'new')])).rejects.toThrow('disk full');
    expect((await report(node))?.progress.attempts).toBe(1);
    expect(await report(node, 'new')).toBeUndefined();
    expect(await counted("SELECT count(*)::int AS n FROM campaigns WHERE campaign_id = 'new'")).toBe(0);
    await server.query(url, 'DROP TRIGGER full_disk ON call_events');
    expect((await node.apply([ended('second'), ended('third', 'new')])).results).toHaveLength(2);
    expect((await report(node))?.recentActivity).toHaveLength(2);
  });
});

it('keeps the audit log as it was written', async () => {
  const [node] = (await openNodes(1)) as [Store];
  await node.access.note(auditBy('key', NOW));
  for (const sql of ['UPDATE audit SET actor = null', 'DELETE FROM audit', 'TRUNCATE audit']) {
    await expect(server.query(url, sql)).rejects.toThrow('append-only');
  }
});

function meaningOf(uuid: string, campaignId: string | null, hash: string) {
  const receipt = eventReceipt({ type: 'initiated', campaignId: 'c', callId: uuid, at: new Date(NOW).toISOString() });
  if (receipt.kind !== 'delivery' || receipt.delivery.about !== 'call') throw new Error('a call');
  const aliases = [{ kind: 'call', id: uuid }] as const;
  return { kind: 'call', campaignId, delivery: { ...receipt.delivery, hash: `${hash}-${uuid}`, aliases } } as const;
}
