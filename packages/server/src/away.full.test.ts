import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkAway } from './testing/away-check.ts';
import { LiveReader } from './testing/live-reader.ts';
import { startPostgres, type TestPostgres } from './testing/postgres.ts';
import { hangup, KEY, sendCallback, type TestServer, temporaryFolder, testServer } from './testing/running-server.ts';
import { startProcess } from './testing/server-process.ts';
import { makeKey } from './testing/workspace.ts';

const LATER = { timeout: 20_000 };

let postgres: TestPostgres;
let nodes: TestServer[] = [];
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
afterEach(async () => {
  postgres.thaw();
  for (const node of nodes.splice(0)) await node.stop();
  nodes = [];
});

async function open(...[env, ...more]: Parameters<typeof testServer>): Promise<TestServer> {
  const node = await testServer({ DATABASE_URL: await postgres.database(), ...env }, ...more);
  nodes.push(node);
  return node;
}

const attempts = async (node: TestServer) => (await node.report('c')).progress?.attempts;
const readiness = async (node: { readonly url: string }) => {
  const answer = await fetch(`${node.url}/readyz`);
  return { code: answer.status, ...((await answer.json()) as object) };
};
const isAway = (node: TestServer) => expect.poll(() => readiness(node), LATER).toMatchObject({ store: 'away' });

let events = 0;
const event = () => ({
  ...{ type: 'ended', campaignId: 'c', callId: `e-${++events}`, to: '+919876543210', at: new Date().toISOString() },
  ...{ status: 'completed', duration: 30 },
});

describe('callbacks while PostgreSQL is away', () => {
  it('8 s at 200 a second, killed: 0 refused, 0 lost, 0 double', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const result = await checkAway(postgres, folder.path, { way: 'killed', perSecond: 200, seconds: 8 });
    folder.remove();
    expect(result).toMatchObject({ refused: {}, lost: [], surplus: 0 });
    expect(result.mostRecords).toBeGreaterThan(1_000);
  });

  it('are refused when the spool is full; it says so once and takes more when it was drained', async () => {
    const logged: { level: number; alarm?: string }[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        logged.push(JSON.parse(String(chunk)));
        done();
      },
    });
    const spool = { capBytes: 60_000, segmentBytes: 10_000 };
    const node = await open({}, { spool }, pino({ level: 'error' }, sink));
    expect((await node.callback('hangup', 'c', hangup('before'))).status).toBe(200);
    postgres.freeze();
    const statuses: number[] = [];
    for (let n = 0; statuses.filter((status) => status === 503).length < 10; n += 1)
      statuses.push((await node.callback('hangup', 'c', hangup(`cap-${n}`))).status);
    const refused = await node.callback('hangup', 'c', hangup('refused'));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await readiness(node)).toMatchObject({ code: 503, status: 'not ready', spool: { alarm: 'full' } });
    expect(logged.map(({ level, alarm }) => [level, alarm])).toEqual([
      [50, 'filling'],
      [50, 'full'],
    ]);
    postgres.thaw();
    await expect
      .poll(() => readiness(node), LATER)
      .toMatchObject({ code: 200, store: 'answers', spool: { alarm: null, records: 0 } });
    expect((await node.callback('hangup', 'c', hangup('after'))).status).toBe(200);
    const acknowledged = 2 + statuses.filter((status) => status === 200).length;
    await expect.poll(() => attempts(node), LATER).toBe(acknowledged);
  });

  it('are never acknowledged when the disk does not take them', async () => {
    const folder = temporaryFolder();
    // The system refuses to let any file grow beyond 32 KiB.
    const prefix = ['sh', '-c', 'ulimit -f 64; exec "$0" "$@"'];
    const server = await startProcess(folder.path, { DATABASE_URL: await postgres.database() }, prefix);
    const send = async (n: number) => (await sendCallback(server.url, 'hangup', 'c', hangup(`disk-${n}`))).status;
    expect(await send(0)).toBe(200);
    postgres.freeze();
    const statuses: number[] = [];
    while (!statuses.includes(503)) statuses.push(await send(statuses.length + 1));
    expect(await readiness(server)).toMatchObject({ code: 503, spool: { alarm: 'unwritable' } });
    // A new file may grow again, as if somebody had made room.
    await expect.poll(() => readiness(server), LATER).toMatchObject({ code: 200, spool: { alarm: null } });
    statuses.push(await send(statuses.length + 1));
    expect(statuses.at(-1)).toBe(200);
    postgres.thaw();
    const report = async () =>
      (await fetch(`${server.url}/v1/campaigns/c/report`, { headers: { authorization: `Bearer ${KEY}` } })).json();
    const acknowledged = 1 + statuses.filter((status) => status === 200).length;
    await expect.poll(async () => (await report()).progress?.attempts, LATER).toBe(acknowledged);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    folder.remove();
  });
});

describe('requests while PostgreSQL is away', () => {
  it('with a key that was seen before may bring events, and nothing else', async () => {
    const node = await open();
    const dialer = await makeKey(node, { role: 'operator', scopes: ['ingest'] });
    const viewer = await makeKey(node, { role: 'viewer' });
    const unseen = await makeKey(node, { role: 'operator' });
    const as = ({ key }: { readonly key: string }) => ({ authorization: `Bearer ${key}` });
    const bring = (headers: Record<string, string> = {}, query = '') =>
      node.send('POST', `/v1/events${query}`, { events: [event(), event()] }, headers);
    expect((await bring(as(dialer))).status).toBe(200);
    expect((await node.get('/v1/campaigns', as(viewer))).status).toBe(200);
    expect((await bring()).status).toBe(200);
    postgres.freeze();
    await isAway(node);

    for (const headers of [as(dialer), {}]) {
      const answer = await bring(headers);
      expect([answer.status, await answer.json()]).toEqual([
        200,
        {
          results: [
            { index: 0, result: 'queued' },
            { index: 1, result: 'queued' },
          ],
        },
      ]);
    }
    const raw = { method: 'POST', url: 'https://calls.example/plivo/hangup-url?campId=c', headers: {}, body: '' };
    // It is checked as ever: the tokens are in memory.
    expect((await node.send('POST', '/v1/providers/plivo/raw', raw, as(dialer))).status).toBe(403);
    for (const headers of [as(unseen), as(viewer), { authorization: 'Bearer rsk_never-made' }]) {
      const refused = await bring(headers);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await refused.json()).toMatchObject({ code: 'storage-unavailable' });
    }
    expect((await bring({}, '?source=import')).status).toBe(503);
    expect((await node.get('/v1/campaigns')).status).toBe(503);

    postgres.thaw();
    await expect.poll(() => attempts(node), LATER).toBe(8);
    expect((await node.send('DELETE', `/v1/keys/${dialer.id}`, '')).status).toBeLessThan(300);
    postgres.freeze();
    await isAway(node);
    // What was revoked before it went away is not believed afterwards.
    expect((await bring(as(dialer))).status).toBe(503);
  });

  it('that wait for a frozen database are all answered, and later ones do not wait for it', async () => {
    const node = await open();
    expect((await node.callback('hangup', 'c', hangup('one'))).status).toBe(200);
    postgres.freeze();
    const paths = Array.from({ length: 1_000 }, (_, n) => `/v1/campaigns/c/calls?limit=${1 + (n % 400)}`);
    const asked = await Promise.all(paths.map(async (path) => (await node.get(path)).status));
    expect(new Set(asked)).toEqual(new Set([503]));
    expect(await readiness(node)).toMatchObject({ code: 200, store: 'away' });
    postgres.thaw();
    await expect.poll(async () => (await node.get('/v1/campaigns/c/calls')).status, LATER).toBe(200);
  });

  it('leave live connections open, which go on when it is back', async () => {
    const node = await open();
    expect((await node.callback('hangup', 'c', hangup('one'))).status).toBe(200);
    const live = new LiveReader(node.url, { authorization: `Bearer ${KEY}` });
    await live.say({ type: 'subscribe', campaignId: 'c' });
    await live.until(({ type }) => type === 'snapshot');
    postgres.freeze();
    await isAway(node);
    expect((await node.callback('hangup', 'c', hangup('two'))).status).toBe(200);
    const seen = live.messages.length;
    postgres.thaw();
    const isNew = (message: LiveReader['messages'][number]) =>
      live.messages.indexOf(message) >= seen && JSON.stringify(message).includes('"attempts":2');
    await live.until(isNew);
    live.close();
  });
});
