import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { sharedPostgres, type TestDatabases } from '../testing/postgres.ts';
import { hangup, KEY, type TestServer, testServer } from '../testing/running-server.ts';

let server: TestDatabases;
let url: string;
const nodes: TestServer[] = [];
const sockets: WebSocket[] = [];
beforeAll(async () => {
  server = await sharedPostgres();
});
afterAll(() => server.stop());
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const node of nodes.splice(0)) await node.stop();
});

async function twoNodes(env: Record<string, string> = {}): Promise<readonly [TestServer, TestServer]> {
  url = await server.database();
  const secret = { RINGSIDE_SECRET_KEY: Buffer.alloc(32, 5).toString('base64') };
  const open = async (): Promise<TestServer> => {
    const node = await testServer({ DATABASE_URL: url, ...secret, ...env });
    nodes.push(node);
    return node;
  };
  return [await open(), await open()];
}

/** Live messages of a node, as they come. */
async function viewer(node: TestServer, subscription: object): Promise<{ attempts: () => number | undefined }> {
  const socket = new WebSocket(`${node.url.replace('http', 'ws')}/v1/live`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  sockets.push(socket);
  let attempts: number | undefined;
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    const seen = message.report ?? message.overview ?? message.patch;
    attempts = seen?.progress?.attempts ?? seen?.totals?.attempts ?? attempts;
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.send(JSON.stringify({ type: 'subscribe', ...subscription }));
  await expect.poll(() => attempts).toBeDefined();
  return { attempts: () => attempts };
}

async function register(node: TestServer): Promise<void> {
  const campaign = { id: 'c', name: 'n', dialer: 'external', totalCalls: 40 };
  expect((await node.send('POST', '/v1/campaigns', campaign)).status).toBe(201);
}

it('shows viewers and pollers of one node what another was told', async () => {
  const [a, b] = await twoNodes();
  await register(a);
  const [campaign, overview] = [await viewer(b, { campaignId: 'c' }), await viewer(b, { overview: true })];
  const polled = async () => (await b.report('c')).progress.attempts;
  expect([campaign.attempts(), overview.attempts(), await polled()]).toEqual([0, 0, 0]);
  expect((await a.callback('hangup', 'c', hangup('one'))).status).toBe(200);
  await expect.poll(campaign.attempts, { timeout: 5_000 }).toBe(1);
  await expect.poll(overview.attempts, { timeout: 5_000 }).toBe(1);
  await expect.poll(polled, { timeout: 5_000 }).toBe(1);
});

it('shows it also when no message gets through', async () => {
  // Nothing listens there.
  const [a, b] = await twoNodes({ NATS_URL: 'nats://127.0.0.1:9' });
  await register(a);
  const [campaign, overview] = [await viewer(b, { campaignId: 'c' }), await viewer(b, { overview: true })];
  await a.callback('hangup', 'c', hangup('one'));
  await expect.poll(campaign.attempts, { timeout: 5_000 }).toBe(1);
  await expect.poll(overview.attempts, { timeout: 5_000 }).toBe(1);
});

it('never shows a reader less than another node has shown it', async () => {
  const [a, b] = await twoNodes({ NATS_URL: 'nats://127.0.0.1:9' });
  await register(a);
  await b.report('c');
  await a.callback('hangup', 'c', hangup('one'));
  const shown = await a.get('/v1/campaigns/c/report');
  const etag = shown.headers.get('etag') ?? '';
  const next = await b.get('/v1/campaigns/c/report', { 'if-none-match': etag });
  expect(
    next.status === 304 || ((await next.json()) as { progress: { attempts: number } }).progress.attempts === 1,
  ).toBe(true);
});
