import { afterEach, expect, test } from 'vitest';
import { RingsideClient } from './client.ts';
import { type Answer, refuse, sendJson, serve, startStream } from './testing/fake-server.ts';
import { reportOf } from './testing/fakes.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serving(routes: Record<string, Answer>) {
  const server = await serve(routes);
  closers.push(() => server.stop());
  return server;
}

const hello = { type: 'hello', protocol: 1, epoch: 'e', heartbeatMs: 15_000 };
const snapshot = (revision: string) => ({
  type: 'snapshot',
  campaignId: 'c-1',
  revision,
  report: reportOf('c-1', revision, { version: 1 }),
});

test('reads with the key, and tells the server’s refusals apart', async () => {
  const { url } = await serving({
    '/v1/campaigns/c-1/report': (request, response) => {
      if (request.headers.authorization === 'Bearer right') sendJson(response, reportOf('c-1', 'r1'));
      else refuse(response, 401, 'unauthenticated');
    },
    '/v1/overview': (_request, response) => response.writeHead(502).end('<html>'),
  });
  const right = new RingsideClient({ url, key: 'right' });
  await expect(right.report('c-1', { recent: 5 })).resolves.toMatchObject({ campaignId: 'c-1' });
  await expect(right.overview()).rejects.toMatchObject({ code: 'unreadable', status: 502 });
  await expect(new RingsideClient({ url, key: 'wrong' }).report('c-1')).rejects.toMatchObject({
    code: 'unauthenticated',
    status: 401,
  });
  await expect(new RingsideClient({ url: 'http://127.0.0.1:9', key: 'k' }).overview()).rejects.toMatchObject({
    code: 'unreachable',
    status: null,
  });
});

test('commands a campaign, and previews what a command would come to', async () => {
  const seen: unknown[] = [];
  const answering: Answer = (request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += piece;
    });
    request.on('end', () => {
      const key = request.headers['idempotency-key'];
      seen.push([request.method, request.url, text === '' ? null : JSON.parse(text), ...(key ? [key] : [])]);
      if (request.url?.endsWith('/resume')) refuse(response, 409, 'phase-conflict');
      else sendJson(response, { id: 'c 1', changed: true });
    });
  };
  const names = ['start', 'pause', 'resume', 'cancel', 'retry-failed', 'confirm'];
  const { url } = await serving(Object.fromEntries(names.map((name) => [`/v1/campaigns/c%201/${name}`, answering])));
  const client = new RingsideClient({ url, key: 'k' });
  await expect(client.start('c 1')).resolves.toMatchObject({ changed: true });
  await client.pause('c 1', { forSeconds: 900, reason: 'lunch' });
  await expect(client.resume('c 1')).rejects.toMatchObject({ code: 'phase-conflict', status: 409 });
  await client.cancel('c 1', { hangUp: true });
  await client.retryFailed('c 1', { outcomes: ['busy'], idempotencyKey: 'mine' });
  await client.preview('c 1', 'pause', { forSeconds: 60 });
  await client.confirm('c 1', { id: 'ord_1', confirmed: true });
  expect(seen).toEqual([
    ['POST', '/v1/campaigns/c%201/start', {}],
    ['POST', '/v1/campaigns/c%201/pause', { forSeconds: 900, reason: 'lunch' }],
    ['POST', '/v1/campaigns/c%201/resume', {}],
    ['POST', '/v1/campaigns/c%201/cancel', { hangUp: true }],
    ['POST', '/v1/campaigns/c%201/retry-failed', { outcomes: ['busy'] }, 'mine'],
    ['POST', '/v1/campaigns/c%201/pause?preview=1', { forSeconds: 60 }],
    ['POST', '/v1/campaigns/c%201/confirm', { id: 'ord_1', confirmed: true }],
  ]);
  await Promise.all([client.retryFailed('c 1'), client.retryFailed('c 1')]);
  const keys = seen.slice(-2).map((request) => (request as string[])[3]);
  expect([new Set(keys).size, keys.every((key) => /^[0-9a-f]{32}$/.test(key ?? ''))]).toEqual([2, true]);
});

test('without a WebSocket, follows over server-sent events', async () => {
  const { url } = await serving({
    '/v1/campaigns/c-1/live': (_request, response) => {
      const send = startStream(response);
      send(hello);
      send(snapshot('r1'));
      send({ type: 'patch', campaignId: 'c-1', from: 'r1', revision: 'r2', patch: { version: 2 } });
    },
  });
  const client = new RingsideClient({ url, key: 'k', WebSocket: null });
  const subscription = client.subscribe({ campaignId: 'c-1' });
  closers.push(() => subscription.close());
  for await (const report of subscription) if (report.version === 2) break;
  expect(client.status).toMatchObject({ state: 'live', transport: 'sse' });
});

test('polls where nothing better gets through; an unchanged report costs a 304 and keeps the value', async () => {
  const { url, asked } = await serving({
    '/v1/campaigns/c-1/live': (_request, response) => refuse(response, 503, 'overloaded'),
    '/v1/campaigns/c-1/report': (request, response) => {
      const known = request.headers['if-none-match'] === '"r1"';
      if (known) response.writeHead(304).end();
      else sendJson(response, reportOf('c-1', 'r1', { nextPollMs: 20 }), { etag: '"r1"' });
    },
  });
  const client = new RingsideClient({ url, key: 'k', WebSocket: null, random: () => 0 });
  const subscription = client.subscribe({ campaignId: 'c-1' });
  closers.push(() => subscription.close());
  for await (const report of subscription) {
    expect(report.revision).toBe('r1');
    break;
  }
  expect(client.status).toMatchObject({ state: 'polling', transport: 'polling' });
  await expect.poll(() => asked.filter((line) => line.includes('/report')).length).toBeGreaterThan(2);
  expect(subscription.current.value?.revision).toBe('r1');
});

test('an unknown campaign is told to its follower, and ends an iteration', async () => {
  const { url } = await serving({
    '/v1/campaigns/none/live': (_request, response) => refuse(response, 404, 'campaign-not-found'),
  });
  const subscription = new RingsideClient({ url, key: 'k', WebSocket: null }).subscribe({ campaignId: 'none' });
  closers.push(() => subscription.close());
  await expect(subscription[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'campaign-not-found' });
});

/** A server that accepts one key, which is changed meanwhile; and a client that gets the key by a function. */
async function renewing() {
  const state = { accepted: 'one', offered: 'one', asked: 0 };
  const ends: (() => void)[] = [];
  const guarded =
    (answer: Answer): Answer =>
    (request, response) => {
      if (request.headers.authorization === `Bearer ${state.accepted}`) answer(request, response);
      else refuse(response, 401, 'unauthenticated');
    };
  const { url, asked } = await serving({
    '/v1/campaigns/c-1/report': guarded((_request, response) => sendJson(response, reportOf('c-1', 'r1'))),
    '/v1/campaigns/c-1/live': guarded((_request, response) => {
      const send = startStream(response);
      send(hello);
      send(snapshot(state.accepted));
      ends.push(() => response.end());
    }),
  });
  const key = async (): Promise<string> => {
    state.asked += 1;
    return state.offered;
  };
  const client = new RingsideClient({ url, key, WebSocket: null, random: () => 0 });
  return { state, client, ends, asked };
}

test('gets its key by a function, and another when the server accepts it no longer', async () => {
  const { state, client } = await renewing();
  await Promise.all([client.report('c-1'), client.report('c-1')]);
  expect(state.asked).toBe(1);
  Object.assign(state, { accepted: 'two', offered: 'two' });
  await Promise.all([client.report('c-1'), client.report('c-1'), client.report('c-1')]);
  expect(state.asked).toBe(2);
  state.accepted = 'three';
  await expect(client.report('c-1')).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(state.asked).toBe(3);
  state.offered = 'three';
  await expect(client.report('c-1')).resolves.toMatchObject({ campaignId: 'c-1' });
});

test('a stream whose login runs out goes on with the next one', async () => {
  const { state, client, ends } = await renewing();
  const subscription = client.subscribe({ campaignId: 'c-1' });
  closers.push(() => subscription.close());
  await expect.poll(() => subscription.current.value?.revision).toBe('one');
  Object.assign(state, { accepted: 'two', offered: 'two' });
  for (const end of ends) end();
  await expect.poll(() => subscription.current.value?.revision, { timeout: 5_000 }).toBe('two');
  expect(client.status.state).toBe('live');
});

test('a key that cannot be got is asked for again by the next request', async () => {
  const { url } = await serving({ '/v1/overview': (_request, response) => sendJson(response, {}) });
  let isAway = true;
  const key = () => (isAway ? Promise.reject(new Error('offline')) : 'one');
  const client = new RingsideClient({ url, key });
  await expect(client.overview()).rejects.toMatchObject({ code: 'no-key' });
  isAway = false;
  await expect(client.overview()).resolves.toEqual({});
});

test('polls where the server has no live connection left for it, without waiting as long as it asks', async () => {
  const { url } = await serving({
    '/v1/campaigns/c-1/live': (_request, response) => {
      response.setHeader('retry-after', '600');
      refuse(response, 429, 'too-many-connections');
    },
    '/v1/campaigns/c-1/report': (_request, response) => sendJson(response, reportOf('c-1', 'r1', { nextPollMs: 20 })),
  });
  const client = new RingsideClient({ url, key: 'k', WebSocket: null, random: () => 0 });
  const subscription = client.subscribe({ campaignId: 'c-1' });
  closers.push(() => subscription.close());
  await expect.poll(() => client.status.state, { timeout: 10_000 }).toBe('polling');
});

test('a session that is over stops the connection', async () => {
  const { url } = await serving({
    '/v1/overview/live': (_request, response) => refuse(response, 401, 'unauthenticated'),
  });
  const client = new RingsideClient({ url, key: 'k', WebSocket: null });
  const subscription = client.subscribe({ overview: true });
  closers.push(() => subscription.close());
  await expect.poll(() => client.status.state).toBe('refused');
});

test('a stream that ends because access has ended stops the connection, and says so', async () => {
  const open: (() => void)[] = [];
  const { url } = await serving({
    '/v1/overview/live': (_request, response) => {
      if (open.length > 0) return refuse(response, 401, 'unauthenticated');
      startStream(response)(hello);
      open.push(() => response.end());
    },
  });
  const client = new RingsideClient({ url, key: 'k', WebSocket: null, random: () => 0 });
  const subscription = client.subscribe({ overview: true });
  closers.push(() => subscription.close());
  await expect.poll(() => client.status.state).toBe('live');
  for (const end of open) end();
  await expect.poll(() => client.status.state).toBe('refused');
});
