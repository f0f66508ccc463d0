import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '@ringside/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, configHelp, loadConfig } from './config/options.ts';
import { cli } from './testing/cli.ts';
import { refusesHostileCursors } from './testing/hostile-cursors.ts';
import { csvOf, pastHangups } from './testing/past-calls.ts';
import { startPostgres, type TestPostgres } from './testing/postgres.ts';
import { hangup, type TestServer, temporaryFolder, testServer } from './testing/running-server.ts';

/** Every node of a store has the same. */
const RINGSIDE_SECRET_KEY = Buffer.alloc(32, 7).toString('base64');

let server: TestPostgres;
let nodes: TestServer[] = [];
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
afterEach(async () => {
  for (const node of nodes) await node.stop();
  nodes = [];
});

async function open(url: string): Promise<TestServer> {
  const node = await testServer({ DATABASE_URL: url, RINGSIDE_SECRET_KEY });
  nodes.push(node);
  return node;
}

/** Starts a simulation, or opens the one that runs, as soon as PostgreSQL is quick enough to answer. */
async function simulate(node: TestServer): Promise<Response> {
  const answer = await node.send('POST', '/v1/simulation', {});
  return answer.status === 503 ? simulate(node) : answer;
}

describe('a server over PostgreSQL', () => {
  it('counts callbacks that reach either of two nodes, and knows all of them after a restart', async () => {
    const url = await server.database();
    const [a, b] = [await open(url), await open(url)];
    const campaign = { id: 'c', name: 'n', dialer: 'external', totalCalls: 40 };
    expect((await a.send('POST', '/v1/campaigns', campaign)).status).toBe(201);
    const sent = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? a : b).callback('hangup', 'c', hangup(`call-${n}`))),
    );
    expect(sent.map(({ status }) => status)).toEqual(sent.map(() => 200));
    const attempts = async (node: TestServer) => (await node.report('c')).progress.attempts;
    await expect.poll(() => attempts(a)).toBe(40);
    await expect.poll(() => attempts(b)).toBe(40);
    const before: Report = await a.report('c');
    for (const node of nodes.splice(0)) await node.stop();
    const again = await open(url);
    // The pace alone goes by the clock.
    const { pace, ...after } = (await again.report('c')).callMetrics;
    expect({ ...after, pace: before.callMetrics.pace }).toEqual(before.callMetrics);
    expect(pace.attemptsPerMinute).not.toBeNull();
    expect((await again.get('/v1/campaigns/c/calls?limit=500')).status).toBe(200);
    expect((await (await again.get('/v1/campaigns/c/calls.ndjson')).text()).trim().split('\n')).toHaveLength(40);
  });

  it('refuses a cursor that no list gave out, as any other wrong request', async () => {
    const node = await open(await server.database());
    await node.callback('hangup', 'c', hangup('x'));
    expect(await refusesHostileCursors(node)).toBeGreaterThan(100);
  });

  it('erases a number on one node for all of them, and what arrives elsewhere meanwhile', async () => {
    const url = await server.database();
    const [a, b] = [await open(url), await open(url)];
    const to = '+919812345678';
    // A callback is acknowledged when it is on disk, where PostgreSQL is slow in the spool.
    const attempts = async () => (await b.report('c')).progress?.attempts;
    await b.callback('hangup', 'c', hangup('before', { to }));
    await expect.poll(attempts).toBe(1);
    const erased = await a.send('POST', '/v1/erasures', { number: to });
    expect([erased.status, await erased.json()]).toMatchObject([201, { state: 'done', found: { calls: 1 } }]);
    await b.callback('hangup', 'c', hangup('after', { to }));
    await expect.poll(attempts).toBe(2);
    expect((await b.report('c')).progress).toMatchObject({ attempts: 2, totalCalls: 1 });
    const shown = await Promise.all(
      [a, b].map(async (node) => (await node.get('/v1/campaigns/c/calls.ndjson')).text()),
    );
    expect(shown.join('')).not.toContain('9812345678');
    const tables = await server.query(url, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
    const rows = await Promise.all(tables.map(({ name }) => server.query(url, `SELECT t::text FROM ${name} t`)));
    expect(JSON.stringify(rows)).not.toContain('9812345678');
  });

  it('runs one simulation on all its nodes, which any of them stops', async () => {
    const url = await server.database();
    const [a, b] = [await open(url), await open(url)];
    const opened = await Promise.all([a, b, a, b].map(simulate));
    expect(opened.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    const ids = await Promise.all(opened.map(async (one) => (await one.json()).campaignId));
    expect(new Set(ids).size).toBe(1);
    const starter = opened.findIndex(({ status }) => status === 201) % 2 === 0 ? a : b;
    const other = starter === a ? b : a;
    expect((await other.send('DELETE', '/v1/simulation', undefined)).status).toBe(204);
    const again = await simulate(other);
    expect(again.status).toBe(201);
    const { campaignId } = await again.json();
    const look = { name: 'Look', role: 'viewer', workspace: 'ringside-simulation' };
    const { key } = await (await a.send('POST', '/v1/keys', look)).json();
    const read = async (id: string) =>
      (await b.get(`/v1/campaigns/${id}/report`, { authorization: `Bearer ${key}` })).json();
    const ended = { phase: 'cancelled', callMetrics: { activeCalls: 0 } };
    await expect.poll(() => read(ids[0])).toMatchObject(ended);
    // The thread of the first one, which ends on its own node, leaves the second alone.
    expect(await read(campaignId)).toMatchObject({ phase: 'running' });
    expect((await (await starter.get('/v1/simulation')).json()).running).toMatchObject({ campaignId });
  });

  it('takes callbacks while PostgreSQL does not answer, says so, and counts them once it does', async () => {
    const node = await open(await server.database());
    expect((await node.callback('hangup', 'c', hangup('first'))).status).toBe(200);
    expect((await node.get('/readyz')).status).toBe(200);
    server.freeze();
    try {
      expect((await node.callback('hangup', 'c', hangup('second'))).status).toBe(200);
      const ready = await node.get('/readyz');
      expect(ready.status).toBe(200);
      expect(await ready.json()).toMatchObject({ store: 'away', spool: { isAway: true } });
      expect((await node.callback('hangup', 'c', hangup('third'))).status).toBe(200);
    } finally {
      server.thaw();
    }
    const readiness = async () => (await node.get('/readyz')).json();
    await expect
      .poll(readiness, { timeout: 20_000 })
      .toMatchObject({ status: 'ready', store: 'answers', spool: { isAway: false, bytes: 0 } });
    expect((await node.callback('hangup', 'c', hangup('fourth'))).status).toBe(200);
    expect((await node.report('c')).progress.attempts).toBe(4);
  });
});

describe('commands', () => {
  it('do not start with another secret key than the store was made with', async () => {
    const DATABASE_URL = await server.database();
    await open(DATABASE_URL);
    const folder = temporaryFolder();
    const started = await cli([], { DATABASE_URL, RINGSIDE_DATA: folder.path, PORT: '0' });
    expect(started.code).toBe(1);
    expect(started.err.trim().split('\n')).toEqual([
      expect.stringContaining('made with another RINGSIDE_SECRET_KEY: set the same on every node'),
    ]);
    folder.remove();
  });

  it('import past calls beside a running server, and compare them with what is stored', async () => {
    const DATABASE_URL = await server.database();
    const node = await open(DATABASE_URL);
    const folder = temporaryFolder();
    const file = join(folder.path, 'calls.csv');
    writeFileSync(file, csvOf(pastHangups(30, 'past', Date.UTC(2025, 7, 7))));
    const env = { DATABASE_URL, RINGSIDE_SECRET_KEY, RINGSIDE_DATA: folder.path };
    const imported = await cli(['import', file, '--campaign', 'past', '--zone', 'Asia/Kolkata'], env);
    expect(imported).toMatchObject({ code: 0 });
    expect((await node.report('past')).progress.attempts).toBe(30);
    const examined = await cli(['doctor'], env);
    expect(examined.out).toMatch(
      /^ok {9}campaigns +1 campaign with 30 calls: equal to what \d+ stored deliveries say$/m,
    );
    folder.remove();
  });
});

describe('DATABASE_URL', () => {
  it('is checked, and never shown', () => {
    const url = 'postgres://me:secret@host/db';
    expect(loadConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
    for (const wrong of ['mysql://me:secret@host/db', 'host/db', 'postgres://', 'postgres://me:50%secret@host/db']) {
      expect(() => loadConfig({ DATABASE_URL: wrong })).toThrow(ConfigError);
      expect(() => loadConfig({ DATABASE_URL: wrong })).not.toThrow(/secret/);
    }
    expect(configHelp()).toMatch(/DATABASE_URL {2,}PostgreSQL .*\(default: unset\)/);
  });
});
