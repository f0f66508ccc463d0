import { deliveries } from '@ringside/core/testing';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../ingest/receipt.ts';
import type { PostgresEngine } from '../../store/postgres/engine.ts';
import { openPostgresEngine } from '../../store/postgres/open.ts';
import { type CliRun, cli } from '../../testing/cli.ts';
import { TEST_SECRET_KEY, WORKSPACE } from '../../testing/engine.ts';
import { HALF_HOUR_FROM, halfHourOf, heardAtOnce } from '../../testing/half-hour.ts';
import { startPostgres, type TestPostgres } from '../../testing/postgres.ts';
import { hangup, temporaryFolder, testServer } from '../../testing/running-server.ts';
import { comparable } from '../../testing/same-report.ts';
import type { Diagnosis } from './doctor.ts';

const GENERATED = 40;
const HOUR_LATER = HALF_HOUR_FROM + 3_600_000;

let server: TestPostgres;
let folder: ReturnType<typeof temporaryFolder>;
let url: string;
beforeAll(async () => {
  folder = temporaryFolder();
  // As an operator must run it, else the doctor has something to say.
  server = await startPostgres({ fsync: 'on', full_page_writes: 'on' });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});
beforeEach(async () => {
  url = await server.database();
});

const engines: PostgresEngine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});

async function openNode(): Promise<PostgresEngine> {
  const settings = { plivoTimeZone: 'UTC', unregisteredLimit: 1_000, secretKey: TEST_SECRET_KEY };
  const engine = await openPostgresEngine({ url, ...settings });
  engines.push(engine);
  return engine;
}

const doctor = (...flags: string[]): Promise<CliRun> =>
  cli(['doctor', ...flags], { DATABASE_URL: url, RINGSIDE_DATA: folder.path });

async function diagnosis(...flags: string[]): Promise<Diagnosis & { code: number | null }> {
  const { code, out, err } = await doctor('--json', ...flags);
  if (out === '') throw new Error(err);
  return { ...(JSON.parse(out) as Diagnosis), code };
}

async function seed(node: PostgresEngine): Promise<void> {
  for (const campaignId of ['c-1', 'c-2']) {
    const receipts = halfHourOf(campaignId).map((event) => heardAtOnce(event));
    for (let at = 0; at < receipts.length; at += 7) await node.apply(receipts.slice(at, at + 7));
  }
}

async function reportOf(node: PostgresEngine, campaignId: string) {
  const found = await node.report(WORKSPACE, campaignId, 100, HOUR_LATER);
  return found && comparable(found.report);
}

/** Ways to spoil campaign c-1, and what the doctor must call it; `KEY` stands for the campaign's. */
const corruptions: Readonly<Record<string, { what: string; spoil: string }>> = {
  'a changed total': {
    what: 'total',
    spoil: `UPDATE rollups SET totals = replace(totals, '["ended",30]', '["ended",31]') WHERE campaign_key = KEY`,
  },
  'a missing bucket': {
    what: 'minute',
    spoil:
      'DELETE FROM buckets WHERE campaign_key = KEY AND minute = (SELECT min(minute) FROM buckets WHERE campaign_key = KEY)',
  },
  'a bucket too many': {
    what: 'minute',
    spoil: `INSERT INTO buckets (campaign_key, minute, version, counts) VALUES (KEY, 1, 1, '[["ended",1]]')`,
  },
  'a rollup that is gone': { what: 'campaign', spoil: 'DELETE FROM rollups WHERE campaign_key = KEY' },
  'a wrong contact': {
    what: 'contact',
    spoil: `UPDATE contacts SET attempts = replace(attempts, '"human":true', '"human":false')
            WHERE campaign_key = KEY AND contact_key = 'id:person-0'`,
  },
  'a missing contact': {
    what: 'contact',
    spoil: `DELETE FROM contacts WHERE campaign_key = KEY AND contact_key = 'id:person-0'`,
  },
  'a deleted call row': {
    what: 'call',
    spoil: `DELETE FROM calls WHERE campaign_key = KEY AND call_row = 'call-4'`,
  },
  'the last call row deleted': {
    what: 'call',
    spoil: `DELETE FROM calls WHERE campaign_key = KEY AND call_row = 'call-9'`,
  },
  'a call row of nobody': {
    what: 'call',
    spoil: `UPDATE calls SET call_row = 'call-99' WHERE campaign_key = KEY AND call_row = 'call-4'`,
  },
  'a changed call record': {
    what: 'call',
    spoil: `UPDATE calls SET record = replace(record, '"duration":31', '"duration":13')
            WHERE campaign_key = KEY AND call_row = 'call-4'`,
  },
  'a call record that is no JSON': {
    what: 'call',
    spoil: `UPDATE calls SET record = '{' WHERE campaign_key = KEY AND call_row = 'call-4'`,
  },
  'a column that lists go by': {
    what: 'call',
    spoil: `UPDATE calls SET ended_at = ended_at + 1 WHERE campaign_key = KEY AND call_row = 'call-4'`,
  },
  'a forgotten number': {
    what: 'number',
    spoil: `DELETE FROM numbers WHERE campaign_key = KEY AND number = '+919876543210'`,
  },
  'an alias of nobody': {
    what: 'alias',
    spoil: `INSERT INTO aliases (campaign_key, alias, call_row) VALUES (KEY, 'other', 'call-4')`,
  },
  'a changed state of the campaign': {
    what: 'campaign',
    spoil: 'UPDATE rollups SET first_call_at = 1 WHERE campaign_key = KEY',
  },
  'a changed record of the campaign': {
    what: 'campaign',
    spoil: `UPDATE campaigns SET record = replace(record, '"registered":false', '"registered":true')
            WHERE campaign_key = KEY`,
  },
};

async function spoil(sql: string): Promise<void> {
  const key = "(SELECT campaign_key FROM campaigns WHERE campaign_id = 'c-1')";
  const [row] = await server.query(url, `SELECT ${key} AS key`);
  const before = await server.query(url, snapshot);
  await server.query(url, sql.replaceAll('KEY', `'${row?.key}'`));
  expect(await server.query(url, snapshot)).not.toEqual(before);
}

const storedVersion = async (): Promise<number> =>
  Number(
    (
      await server.query(
        url,
        "SELECT version FROM rollups JOIN campaigns USING (campaign_key) WHERE campaign_id = 'c-1'",
      )
    )[0]?.version,
  );

/** Whatever a corruption may change. */
const snapshot = ['campaigns', 'rollups', 'buckets', 'calls', 'contacts', 'aliases', 'numbers']
  .map((table) => `SELECT '${table}' AS name, md5(string_agg(t::text, '' ORDER BY t::text)) AS text FROM ${table} AS t`)
  .join(' UNION ALL ');

describe('ringside doctor on PostgreSQL', () => {
  it('finds nothing in a healthy one, whatever happened to its campaigns', async () => {
    const node = await openNode();
    const lists = fc.sample(deliveries, { numRuns: GENERATED, seed: 20250807 });
    for (const [n, list] of lists.entries()) {
      const receipts = list.map(
        (delivery): Receipt => ({
          kind: 'delivery',
          workspace: WORKSPACE,
          receivedAt: delivery.receivedAt,
          campaignId: `law-${n}`,
          delivery,
        }),
      );
      for (let at = 0; at < receipts.length; at += 5) await node.apply(receipts.slice(at, at + 5));
    }
    while ((await node.rescoreStep(HOUR_LATER, null)).more);
    const { code, store, checks, place } = await diagnosis();
    expect(store).toMatchObject({ campaigns: GENERATED, busy: [], different: [] });
    expect(store?.deliveries).toBeGreaterThan(3 * GENERATED);
    expect(code).toBe(0);
    expect(place).not.toContain('a-secret-password');
    expect(checks).toContainEqual(expect.objectContaining({ name: 'database', status: 'ok' }));
    expect(checks).toContainEqual(expect.objectContaining({ name: 'clock', status: 'ok' }));
  });

  it.each(Object.entries(corruptions))('finds and repairs %s', async (_name, { what, spoil: sql }) => {
    const node = await openNode();
    await seed(node);
    const before = await reportOf(node, 'c-1');
    const untouched = await reportOf(node, 'c-2');
    const version = await storedVersion();
    await spoil(sql);
    const deceived = await openNode();
    await deceived.report(WORKSPACE, 'c-1', 100, HOUR_LATER).catch(() => null);

    const found = await diagnosis();
    expect(found.code).toBe(1);
    expect(found.store?.different.map(({ campaignId }) => campaignId)).toEqual(['c-1']);
    expect(found.store?.different[0]?.differences.map((difference) => difference.what)).toContain(what);

    expect(await diagnosis('--fix')).toMatchObject({ code: 0, repaired: ['c-1'], store: { different: [] } });
    expect(await diagnosis()).toMatchObject({ code: 0, store: { campaigns: 2, calls: 60, different: [] } });
    expect(await storedVersion()).toBeGreaterThan(version);
    // A node that had the campaign in memory all along, one that read what was wrong, and one that reads it now.
    for (const reader of [node, deceived, await openNode()]) {
      expect([await reportOf(reader, 'c-1'), await reportOf(reader, 'c-2')]).toEqual([before, untouched]);
    }
  });

  it('does not repair from deliveries of which some are lost: rows may be all that is left', async () => {
    await seed(await openNode());
    await spoil('DELETE FROM call_events WHERE campaign_key = KEY AND seq < 10; UPDATE rollups SET first_at = 1');
    const { code, store, repaired } = await diagnosis('--fix');
    expect({ code, repaired }).toMatchObject({ code: 1 });
    expect(repaired).not.toContain('c-1');
    expect(store?.different.find(({ campaignId }) => campaignId === 'c-1')).toMatchObject({ isRepairable: false });
    expect(await server.query(url, 'SELECT count(*)::int AS n FROM calls')).toEqual([{ n: 60 }]);
  });

  it('counts nothing as wrong, and loses nothing, while nodes write and it repairs', { timeout: 60_000 }, async () => {
    const env = { DATABASE_URL: url, RINGSIDE_SECRET_KEY: TEST_SECRET_KEY.toString('hex') };
    const nodes = [await testServer(env), await testServer(env)];
    let sent = 0;
    const isOver = { yet: false };
    const sending = (async () => {
      while (!isOver.yet) {
        const batch = nodes.flatMap((node) =>
          Array.from({ length: 4 }, () => node.callback('hangup', `live-${sent % 3}`, hangup(`x-${sent++}`))),
        );
        for (const { status } of await Promise.all(batch)) expect(status).toBe(200);
      }
    })();
    try {
      for (let seen = 0, round = 0; seen <= 50 || round < 3; round += 1) {
        const { store } = await diagnosis();
        expect(store?.different).toEqual([]);
        seen = store?.calls ?? 0;
      }
      await server.query(url, "UPDATE calls SET talk = 9999 WHERE call_row = 'x-0'");
      expect(await diagnosis('--fix')).toMatchObject({ repaired: ['live-0'], store: { different: [] } });
    } finally {
      isOver.yet = true;
      await sending;
    }
    const reports = await Promise.all(
      nodes.flatMap((node) => ['live-0', 'live-1', 'live-2'].map((id) => node.report(id))),
    );
    expect(reports.reduce((sum, { progress }) => sum + progress.attempts, 0)).toBe(2 * sent);
    for (const node of nodes) await node.stop();
    expect(await diagnosis()).toMatchObject({ store: { calls: sent, different: [] } });
  });
});

describe('ringside doctor on PostgreSQL itself', () => {
  const found = async (name: string) =>
    (await diagnosis()).checks
      .filter((check) => check.name === name && check.status !== 'ok')
      .map(({ status, says }) => `${status} ${says}`);

  it('says what may lose data or stop it', async () => {
    await openNode();
    expect(await found('database')).toEqual([]);
    await server.query(url, 'ALTER TABLE calls SET (autovacuum_enabled = off)');
    await server.query(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`);
    await server.query(url, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'calls_by_end'::regclass");
    expect(await found('database')).toEqual([
      'warning synchronous_commit is off',
      'failed index calls_by_end is not valid',
      'warning autovacuum is turned off for calls',
    ]);
  });

  it('says which settings of the server lose data in a power cut', async () => {
    const unsafe = await startPostgres({ autovacuum: 'off' });
    try {
      url = await unsafe.database();
      await openNode();
      expect(await found('database')).toEqual([
        'failed fsync is off',
        'failed full_page_writes is off',
        'failed autovacuum is off',
      ]);
      await engines.pop()?.close();
    } finally {
      await unsafe.stop();
    }
  });

  it('refuses a database in another encoding', async () => {
    const latin = new URL(url);
    latin.pathname = '/latin';
    await server.query(url, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    url = latin.href;
    await openNode();
    expect(await found('database')).toEqual(['failed server_encoding is LATIN1']);
  });

  it('says that there is no store, that migrations are missing, or that a newer Ringside wrote it', async () => {
    expect(await found('schema')).toEqual(['failed there is no store in this database']);
    await openNode();
    await server.query(url, 'UPDATE schema_version SET version = 1');
    expect(await found('schema')).toEqual([expect.stringMatching(/^failed version 1, this Ringside knows \d+$/)]);
    await server.query(url, 'UPDATE schema_version SET version = 99, floor = 99');
    expect(await found('schema')).toEqual([expect.stringMatching(/^failed version 99, this Ringside knows \d+$/)]);
  });

  it('sees a clock that stands before what is stored', async () => {
    await seed(await openNode());
    await server.query(url, `UPDATE rollups SET last_at = ${Date.now() + 600_000}`);
    expect(await found('clock')).toEqual([expect.stringContaining('behind the latest event in the store')]);
  });

  it('says in one line that it cannot get in', async () => {
    const wrong = new URL(url);
    wrong.password = 'wrong';
    const { code, err } = await cli(['doctor'], { DATABASE_URL: wrong.href, RINGSIDE_DATA: folder.path });
    expect(code).toBe(1);
    expect(err).toMatch(/^ringside: cannot open the store at postgres:.*: it refuses this user or password\n$/);
  });
});
