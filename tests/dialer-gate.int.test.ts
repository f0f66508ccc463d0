import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Campaign } from '@ringside/protocol';
import { afterEach, expect, it, vi } from 'vitest';
import { DialerGate, type DialerGateOptions } from '../examples/dialer-gate/src/dialer-gate.ts';
import type { Order } from '../examples/dialer-gate/src/orders.ts';
import { KEY, type TestServer, testServer } from '../packages/server/src/testing/running-server.ts';
import { Program } from '../packages/tee/src/testing/child-process.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function ringside(): Promise<TestServer> {
  const server = await testServer();
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (!isStopped) await server.stop();
    isStopped = true;
  };
  closers.push(stop);
  const startedAt = new Date(Date.now() - 60_000).toISOString();
  await server.send('POST', '/v1/campaigns', { id: 'c', name: 'c', startedAt });
  return { ...server, stop };
}

/** A gate that Ringside reaches. */
async function gateOf(server: TestServer, options: Partial<DialerGateOptions> = {}) {
  const web = createServer((...request) => gate.webhook(...request)).listen(0, '127.0.0.1');
  await once(web, 'listening');
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;
  const set = await server.send('PUT', '/v1/settings/control-webhook', { url });
  const { secret } = await set.json();
  const gate = new DialerGate({ url: server.url, key: KEY, secret, ...options });
  closers.push(() => web.close(), gate.close.bind(gate));
  return { gate, url, secret: secret as string };
}

const command = (server: TestServer, name: string, body: unknown = {}) =>
  server.send('POST', `/v1/campaigns/c/${name}`, body, name === 'retry-failed' ? { 'idempotency-key': 'k' } : {});
const campaignOf = async (server: TestServer): Promise<Campaign> => (await server.get('/v1/campaigns/c')).json();
const becomes = (server: TestServer, state: Campaign['confirmation']['state']): Promise<void> =>
  vi.waitFor(async () => expect((await campaignOf(server)).confirmation.state).toBe(state), PATIENCE);
const opens = (gate: DialerGate, isOpen: boolean): Promise<void> =>
  vi.waitFor(async () => expect(await gate.mayDial('c')).toBe(isOpen), PATIENCE);

/** An order as Ringside signs it. */
function signed(secret: string, order: Partial<Order>, atMs = Date.now()) {
  const body = JSON.stringify({ campaignId: 'c', reason: null, until: null, hangUp: false, outcomes: null, ...order });
  const seconds = Math.floor(atMs / 1_000);
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return { method: 'POST', body, headers: { 'x-ringside-signature': `t=${seconds},v1=${mac}` } };
}

it('opens and closes with what people order on Ringside, and confirms it', async () => {
  const server = await ringside();
  const { gate } = await gateOf(server);
  expect(await gate.mayDial('c')).toBe(true);
  for (const [name, phase, isOpen] of [
    ['pause', 'paused', false],
    ['resume', 'running', true],
    ['cancel', 'cancelled', false],
  ] as const) {
    await command(server, name, { reason: 'a test' });
    await becomes(server, 'confirmed');
    expect((await campaignOf(server)).phase).toBe(phase);
    await opens(gate, isOpen);
  }
});

it('is closed by an order at once, whatever Ringside shows so far', async () => {
  const server = await ringside();
  const { gate, url, secret } = await gateOf(server);
  expect(await gate.mayDial('c')).toBe(true);
  const response = await fetch(url, signed(secret, { id: 'ord_1', command: 'pause' }));
  expect([response.status, await response.json()]).toEqual([200, { confirmed: true }]);
  expect(await gate.mayDial('c')).toBe(false);
  expect((await campaignOf(server)).status).toBe('running');
});

it('believes only what is signed, fresh, and was not used before, and obeys an order once', async () => {
  const orders: string[] = [];
  const onOrder = ({ id, command: name }: Order) => {
    orders.push(`${id} ${name}`);
    return { confirmed: true };
  };
  const server = await ringside();
  const { gate, url, secret } = await gateOf(server, { onOrder });
  const post = async (init: RequestInit) => (await fetch(url, init)).status;
  const pause = { id: 'ord_1', command: 'pause' } as const;
  expect(await post({ ...signed(secret, pause), headers: {} })).toBe(401);
  expect(await post(signed('another secret', pause))).toBe(401);
  expect(await post({ ...signed(secret, pause), body: '{}' })).toBe(401);
  expect(await post(signed(secret, pause, Date.now() - 301_000))).toBe(401);
  expect(await post(signed(secret, pause, Date.now() + 360_000))).toBe(401);
  expect([orders, await gate.mayDial('c')]).toEqual([[], true]);

  const first = signed(secret, pause);
  expect(await post(first)).toBe(200);
  expect(await post(signed(secret, { id: 'ord_2', command: 'resume' }))).toBe(200);
  expect(await post(first)).toBe(425);
  // Sent again, newly signed: the same answer, and it is not carried out again.
  expect(await post(signed(secret, pause, Date.now() + 2_000))).toBe(200);
  expect(orders).toEqual(['ord_1 pause', 'ord_2 resume']);
  expect(await gate.mayDial('c')).toBe(true);
});

it('tells what the dialer says: not done, done later, and what it cannot do', async () => {
  const server = await ringside();
  const plain = await gateOf(server);
  await command(server, 'retry-failed');
  await becomes(server, 'refused');
  plain.gate.close();
  let isReady = (): void => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const onOrder = async ({ command: name }: Order) => {
    if (name === 'cancel') return { confirmed: false, message: 'ask the billing department' };
    await ready;
    return { confirmed: true };
  };
  // The webhook of before is replaced, and its secret with it.
  await server.send('DELETE', '/v1/settings/control-webhook', undefined);
  const { gate } = await gateOf(server, { onOrder });
  await command(server, 'cancel');
  await becomes(server, 'refused');
  expect((await campaignOf(server)).confirmation.message).toBe('ask the billing department');
  expect(await gate.mayDial('c')).toBe(true);
  await command(server, 'pause');
  await opens(gate, false);
  expect((await campaignOf(server)).confirmation.state).toBe('asked');
  isReady();
  await becomes(server, 'confirmed');
  expect((await campaignOf(server)).phase).toBe('paused');
});

it.each([
  ['stop', false],
  ['dial', true],
] as const)('without contact for half a minute: %s', async (whenAway, isOpen) => {
  const server = await ringside();
  let ahead = 0;
  const { gate } = await gateOf(server, { whenAway, now: () => Date.now() + ahead });
  expect(await gate.mayDial('c')).toBe(true);
  await command(server, 'pause');
  await becomes(server, 'confirmed');
  await command(server, 'resume');
  await becomes(server, 'confirmed');
  await opens(gate, true);
  await server.stop();
  ahead = 25_000;
  expect(await gate.mayDial('c')).toBe(true);
  ahead = 60_000;
  expect(await gate.mayDial('c')).toBe(isOpen);
});

it('does not dial a campaign of which nothing is known', async () => {
  const server = await ringside();
  const { gate } = await gateOf(server);
  expect(await gate.mayDial('nobody')).toBe(false);
});

it('the example loop stops and goes on', async () => {
  const server = await ringside();
  const { secret } = await (
    await server.send('PUT', '/v1/settings/control-webhook', { url: 'http://127.0.0.1:9/' })
  ).json();
  const env = { RINGSIDE_URL: server.url, RINGSIDE_KEY: KEY, CONTROL_SECRET: secret, PORT: '0', CAMPAIGN: 'c2' };
  const loop = new Program('examples/dialer-gate/src/main.ts', { ...env, CONTACTS: '400', CALLS_PER_SECOND: '20' });
  const [, url] = await loop.printed(/orders are taken at (\S+)/);
  await server.send('PUT', '/v1/settings/control-webhook', { url });
  await loop.printed(/called contact 3\b/);
  const phaseOf = async () => (await (await server.get('/v1/campaigns/c2')).json()).phase;
  const order = (name: string) => server.send('POST', `/v1/campaigns/c2/${name}`, {});
  await order('pause');
  await vi.waitFor(async () => expect(await phaseOf()).toBe('paused'), PATIENCE);
  const attempts = async () => (await server.report('c2')).progress.attempts;
  const before = await attempts();
  await order('resume');
  await vi.waitFor(async () => expect(await attempts()).toBeGreaterThan(before + 3), PATIENCE);
});
