import { Problem } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { LiveReader } from '../testing/live-reader.ts';
import { type OpenLink, openLink } from '../testing/owned.ts';
import { type TestServer, testServer } from '../testing/running-server.ts';
import { makeKey } from '../testing/workspace.ts';

const LIMITS = { LIVE_PER_KEY: '3', LIVE_PER_LINK: '2', LIVE_PER_ADDRESS: '6', TRUST_PROXY: 'true' };
let server: TestServer;
let link: OpenLink;
beforeAll(async () => {
  server = await testServer(LIMITS);
  await server.send('POST', '/v1/campaigns', { id: 'c-1', name: 'One' });
  link = await openLink(server.url, server.send, 'c-1');
});
afterAll(() => server.stop());

const from = (address: string) => ({ 'x-forwarded-for': address });
const stream = (headers: Record<string, string>, base = server.url) =>
  fetch(`${base}/v1/campaigns/c-1/live`, { headers });

async function newKey(): Promise<Record<string, string>> {
  return { authorization: `Bearer ${(await makeKey(server)).key}` };
}

/** The refusal of an upgrade, as it goes over the wire. */
function refusal(headers: Record<string, string>): Promise<{ status: number; retryAfter: string; problem: Problem }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/live`, { headers });
    socket.on('error', () => {});
    socket.on('open', () => reject(new Error('the socket was accepted')));
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (piece) => {
        text += piece;
      });
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, retryAfter: String(answered['retry-after']), problem: Problem.parse(JSON.parse(text)) });
      });
    });
  });
}

async function openSocket(headers: Record<string, string>, base = server.url): Promise<LiveReader> {
  const live = new LiveReader(base, headers);
  await live.until(({ type }) => type === 'hello');
  return live;
}

describe('one live connection more than a key may have, over whatever transport', () => {
  it('is refused 429 with Retry-After, and let in when another has gone', async () => {
    const key = { ...(await newKey()), ...from('192.0.2.1') };
    const sockets = [await openSocket(key), await openSocket(key)];
    const open = await stream(key);
    expect(open.status).toBe(200);
    const refused = await stream(key);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await refused.json()).toMatchObject({ code: 'too-many-connections' });
    expect(await refusal(key)).toMatchObject({
      status: 429,
      retryAfter: expect.stringMatching(/^\d+$/),
      problem: { code: 'too-many-connections', status: 429 },
    });
    sockets[0]?.close();
    await sockets[0]?.closed;
    // As many may begin at once as a key may have; the next has to wait a little.
    await expect.poll(async () => (await stream(key)).status, { timeout: 15_000, interval: 500 }).toBe(200);
    sockets[1]?.close();
    expect((await server.get('/v1/campaigns/c-1/report', key)).status).toBe(200);
  });

  it('is not counted against another key', async () => {
    const key = { ...(await newKey()), ...from('192.0.2.2') };
    expect((await stream(key)).status).toBe(200);
  });
});

it('a share link has a limit of its own', async () => {
  const headers = { cookie: link.cookie, ...from('192.0.2.3') };
  const base = server.url + link.path;
  const open = [await openSocket(headers, base), await openSocket(headers, base)];
  expect((await stream(headers, base)).status).toBe(429);
  for (const one of open) one.close();
});

it('an address has a limit, whoever comes from it; an IPv6 network counts as one', async () => {
  const open = [];
  for (let n = 0; n < 6; n += 1) open.push(await openSocket({ ...(await newKey()), ...from(`2001:db8::${n + 1}`) }));
  const next = await newKey();
  expect((await stream({ ...next, ...from('2001:db8::ffff') })).status).toBe(429);
  expect((await stream({ ...next, ...from('2001:db8:0:1::1') })).status).toBe(200);
  for (const one of open) one.close();
});

it('an upgrade is one of the requests that a key may send', async () => {
  await server.send('POST', '/v1/workspaces', { id: 'slow', limits: { keyRequestsPerSecond: 1 } });
  const { key } = await makeKey(server, { workspace: 'slow' });
  const headers = { authorization: `Bearer ${key}`, ...from('192.0.2.4') };
  for (let n = 0; n < 4; n += 1) await server.get('/v1/session', headers);
  expect(await refusal(headers)).toMatchObject({ status: 429, problem: { code: 'too-many-requests' } });
});

it('connections of one link together may ask for so much, and one that asks for more is closed with 1013', async () => {
  const { path, cookie } = await openLink(server.url, server.send, 'c-1');
  const base = server.url + path;
  const live = [
    await openSocket({ cookie, ...from('192.0.2.5') }, base),
    await openSocket({ cookie, ...from('192.0.2.6') }, base),
  ];
  // Each stays below what one connection may say.
  await Promise.all(
    live.map(async (one) => {
      for (let n = 0; n < 250; n += 1) await one.say({ type: 'subscribe', campaignId: 'c-1' });
    }),
  );
  expect(await Promise.race(live.map((one) => one.closed))).toMatchObject({ code: 1013 });
  for (const one of live) one.close();
  // What a link asked for is nothing to a key.
  const viewer = await openSocket({ ...(await newKey()), ...from('192.0.2.7') });
  await viewer.say({ type: 'subscribe', campaignId: 'c-1' });
  await viewer.until(({ type }) => type === 'snapshot');
  viewer.close();
});

it('tickets, which are rows of the store, have a limit too', async () => {
  const key = await newKey();
  const ask = () => server.send('POST', '/v1/live/tickets', {}, key);
  const statuses = (await Promise.all(Array.from({ length: 8 }, ask))).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([201, 429]));
});
