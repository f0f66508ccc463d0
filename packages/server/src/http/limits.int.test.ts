import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../testing/running-server.ts';
import { makeKey, workspaceKey } from '../testing/workspace.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** Asks as often, one after another, and gives the statuses. */
async function statuses(count: number, ask: () => Promise<Response>): Promise<number[]> {
  const seen: number[] = [];
  for (let i = 0; i < count; i += 1) seen.push((await ask()).status);
  return seen;
}

const limits = (
  requestsPerSecond: number | null,
  keyRequestsPerSecond: number | null,
  eventsPerSecond: number | null,
) => ({
  limits: { requestsPerSecond, keyRequestsPerSecond, eventsPerSecond },
});

describe('API requests', () => {
  it('over the limit of a key are answered 429 with Retry-After; another key goes on', async () => {
    const one = await workspaceKey(server, 'keys', {}, limits(null, 1, null));
    const two = { authorization: `Bearer ${(await makeKey(server, { workspace: 'keys' })).key}` };
    expect(await statuses(4, () => server.get('/v1/campaigns', one))).toContain(429);
    const refused = await server.get('/v1/campaigns', one);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await refused.json()).toMatchObject({ code: 'too-many-requests', status: 429 });
    expect((await server.get('/v1/campaigns', two)).status).toBe(200);
  });

  it('over the limit of a workspace are refused to all its keys, and to nobody else', async () => {
    const one = await workspaceKey(server, 'whole', {}, limits(1, null, null));
    const two = { authorization: `Bearer ${(await makeKey(server, { workspace: 'whole' })).key}` };
    expect(await statuses(4, () => server.get('/v1/campaigns', one))).toContain(429);
    expect((await server.get('/v1/campaigns', two)).status).toBe(429);
    const other = await workspaceKey(server, 'neighbour', {}, limits(1, null, null));
    expect((await server.get('/v1/campaigns', other)).status).toBe(200);
  });

  it('that begin sessions are limited too: each is a row of the audit log, for good', async () => {
    const { key } = await makeKey(server, { role: 'viewer' });
    const begin = (one: string) => server.send('POST', '/v1/session', { key: one }, { authorization: '' });
    const seen = await Promise.all(Array.from({ length: 100 }, () => begin(key)));
    expect(seen.map(({ status }) => status)).toContain(204);
    expect(seen.filter(({ status }) => status === 429).length).toBeGreaterThan(20);
    expect((await begin((await makeKey(server)).key)).status).toBe(204);
  });

  it('of the default workspace have no limit unless somebody sets one', async () => {
    expect(new Set(await statuses(50, () => server.get('/v1/session')))).toEqual(new Set([200]));
  });
});

describe('events by API', () => {
  it('have a limit of their own, which reading does not use up', async () => {
    const key = await workspaceKey(server, 'events', {}, limits(null, null, 5));
    const at = new Date().toISOString();
    const batch = (id: number) => ({
      events: Array.from({ length: 200 }, (_, i) => ({ type: 'initiated', campaignId: 'c', callId: `${id}-${i}`, at })),
    });
    expect((await server.send('POST', '/v1/events', batch(1), key)).status).toBe(200);
    const refused = await server.send('POST', '/v1/events', batch(2), key);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect((await server.get('/v1/campaigns/c/report', key)).status).toBe(200);
  });

  it('over their limit are refused before the body is read', async () => {
    const key = await workspaceKey(server, 'unread', {}, limits(null, null, 1));
    const at = new Date().toISOString();
    const events = [1, 2, 3].map((id) => ({ type: 'initiated', campaignId: 'c', callId: `${id}`, at }));
    expect((await server.send('POST', '/v1/events', { events }, key)).status).toBe(200);
    expect((await server.send('POST', '/v1/events', { events: 'not a list' }, key)).status).toBe(429);
  });
});
