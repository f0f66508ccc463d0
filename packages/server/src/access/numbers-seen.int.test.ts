import type { AuditEntry } from '@ringside/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DRILL, playDrill } from '../testing/drill-campaign.ts';
import { LiveReader } from '../testing/live-reader.ts';
import { type TestServer, testServer } from '../testing/running-server.ts';
import { makeKey } from '../testing/workspace.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await playDrill(server);
});
afterAll(() => server.stop());

/** Somebody new asks for something. @returns what the audit log says of them */
async function seenBy(
  role: 'viewer' | 'operator',
  ask: (headers: Record<string, string>) => Promise<unknown>,
): Promise<unknown[]> {
  const { id, key } = await makeKey(server, { role });
  await ask({ authorization: `Bearer ${key}` });
  const { items } = (await (await server.get('/v1/audit?action=numbers&limit=500')).json()) as { items: AuditEntry[] };
  return items
    .filter(({ actor }) => actor === `key:${id}`)
    .map(({ action, target, address, after }) => ({ action, target, address, after }));
}

const row = (where: string) => ({ action: 'numbers.seen', target: DRILL, address: '127.0.0.1', after: { where } });

const places: readonly [where: string, path: string][] = [
  ['report', 'report'],
  ['report', 'report?asOf=2025-08-07T14:00:30Z'],
  ['calls', 'calls?limit=3'],
  ['call', 'calls/d-00'],
  ['contacts', 'contacts'],
];

it.each(places)('%s: one row in an hour for /%s', async (where, path) => {
  const readTwice = async (headers: Record<string, string>) => {
    for (let n = 0; n < 2; n += 1) await (await server.get(`/v1/campaigns/${DRILL}/${path}`, headers)).arrayBuffer();
  };
  expect(await seenBy('operator', readTwice)).toEqual([row(where)]);
  expect(await seenBy('viewer', readTwice)).toEqual([]);
});

it.each(['calls.csv', 'calls.ndjson', 'contacts.csv', 'contacts.ndjson'])('%s: a row for every file', async (file) => {
  const readTwice = async (headers: Record<string, string>) => {
    for (let n = 0; n < 2; n += 1) await (await server.get(`/v1/campaigns/${DRILL}/${file}`, headers)).arrayBuffer();
  };
  expect(await seenBy('operator', readTwice)).toEqual([row(file), row(file)]);
  expect(await seenBy('viewer', readTwice)).toEqual([]);
});

it('live: a row for who follows a campaign, by WebSocket or SSE', async () => {
  const bySocket = async (headers: Record<string, string>) => {
    const reader = new LiveReader(server.url, headers);
    await reader.say({ type: 'subscribe', campaignId: DRILL });
    await reader.until(({ type }) => type === 'snapshot');
    // What is answered after the subscription was noted before.
    await reader.say({ type: 'ping' });
    await reader.until(({ type }) => type === 'pong');
    reader.close();
  };
  const byStream = async (headers: Record<string, string>) => {
    const response = await server.get(`/v1/campaigns/${DRILL}/live`, headers);
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes('event: snapshot')) text += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
  };
  for (const follow of [bySocket, byStream]) {
    expect(await seenBy('operator', follow)).toEqual([row('live')]);
    expect(await seenBy('viewer', follow)).toEqual([]);
  }
});

it('notes nothing where no number is sent: no calls asked for, nothing new, nothing found', async () => {
  const ask = async (headers: Record<string, string>) => {
    const path = `/v1/campaigns/${DRILL}/report?recent=0`;
    const etag = (await server.get(path, headers)).headers.get('etag') ?? '';
    expect((await server.get(path, { ...headers, 'if-none-match': etag })).status).toBe(304);
    await server.get(`/v1/campaigns/${DRILL}/calls?cause=1`, headers);
    await server.get(`/v1/campaigns/${DRILL}/calls/nobody`, headers);
    await server.get('/v1/campaigns/nobody/calls.csv', headers);
    await server.get('/v1/overview', headers);
  };
  expect(await seenBy('operator', ask)).toEqual([]);
});
