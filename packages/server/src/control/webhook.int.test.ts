import { createHmac } from 'node:crypto';
import type { Campaign, CommandName, ControlWebhook, TimelineItem } from '@ringside/protocol';
import { afterEach, expect, it, vi } from 'vitest';
import { type MovableClock, movableClock } from '../testing/movable-clock.ts';
import { type TestServer, temporaryFolder, testServer } from '../testing/running-server.ts';
import { type GivenAnswer, type WebhookReceiver, webhookReceiver } from '../testing/webhook-receiver.ts';

const CONFIRMED = { status: 200, body: { confirmed: true } };
const PATIENCE = { timeout: 20_000, interval: 20 };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Scene extends MovableClock {
  readonly server: TestServer;
  readonly receiver: WebhookReceiver;
  readonly secret: string;
  restart(): Promise<void>;
}

/** A server with a running campaign `c` of an external dialer, which answers so. */
async function scene(answer: (before: number) => GivenAnswer): Promise<Scene> {
  const folder = temporaryFolder();
  const clock = movableClock();
  const open = () => testServer({ RINGSIDE_DATA: folder.path }, clock);
  const receiver = await webhookReceiver(answer);
  const found = { ...clock, server: await open(), receiver, secret: '' };
  closers.push(folder.remove, receiver.stop, () => found.server.stop());
  const startedAt = new Date(Date.now() - 60_000).toISOString();
  await found.server.send('POST', '/v1/campaigns', { id: 'c', name: 'c', startedAt });
  const set = await found.server.send('PUT', '/v1/settings/control-webhook', { url: receiver.url });
  found.secret = ((await set.json()) as ControlWebhook).secret ?? '';
  return Object.assign(found, {
    async restart() {
      await found.server.stop();
      found.server = await open();
    },
  });
}

const command = ({ server }: Scene, name: CommandName, body: unknown = {}) =>
  server.send('POST', `/v1/campaigns/c/${name}`, body);
const campaignOf = async ({ server }: Scene): Promise<Campaign> => (await server.get('/v1/campaigns/c')).json();
const timelineOf = async ({ server }: Scene): Promise<TimelineItem[]> =>
  (await (await server.get('/v1/campaigns/c/timeline')).json()).items;
const becomes = (at: Scene, state: Campaign['confirmation']['state']): Promise<Campaign> =>
  vi.waitFor(async () => {
    const campaign = await campaignOf(at);
    expect(campaign.confirmation.state).toBe(state);
    return campaign;
  }, PATIENCE);

/** Pauses a campaign of this server's own dialer. @returns what fulfils when the pause has ended by itself */
async function timedPause({ server }: Scene, forSeconds: number): Promise<() => Promise<void>> {
  const dial = { callerIds: ['+918035735659'], answerUrl: 'https://host.example/answer' };
  await server.send('POST', '/v1/campaigns', { id: 'own', name: 'own', dialer: 'built-in', dial });
  await server.send('POST', '/v1/campaigns/own/start', {});
  await server.send('POST', '/v1/campaigns/own/pause', { forSeconds });
  const timeline = async () => (await (await server.get('/v1/campaigns/own/timeline')).json()).items;
  return () => vi.waitFor(async () => expect((await timeline()).at(-1)).toMatchObject({ kind: 'resumed' }), PATIENCE);
}

it('sends a signed order, and says that it is done once it is confirmed', async () => {
  const at = await scene(() => CONFIRMED);
  const until = new Date(Date.now() + 3_600_000).toISOString();
  expect(await (await command(at, 'pause', { reason: 'lunch', until })).json()).toMatchObject({
    ...{ changed: true, confirmation: { command: 'pause' } },
  });
  expect(await becomes(at, 'confirmed')).toMatchObject({ phase: 'paused' });
  expect((await timelineOf(at)).at(-1)).toMatchObject({ kind: 'paused', reason: 'lunch', changes: { until } });
  const [order] = at.receiver.received;
  const body = JSON.parse(order?.body ?? '');
  expect(body).toEqual({
    ...{ id: order?.headers['x-ringside-delivery'], command: 'pause', campaignId: 'c', reason: 'lunch', until },
    ...{ actor: expect.any(String), hangUp: false, outcomes: null, at: expect.any(String) },
  });
  const [, seconds = '', mac = ''] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(`${order?.headers['x-ringside-signature']}`) ?? [];
  expect(createHmac('sha256', at.secret).update(`${seconds}.${order?.body}`).digest('hex')).toBe(mac);
  expect(Math.abs(Number(seconds) - Date.now() / 1_000)).toBeLessThan(60);
});

it('leaves the campaign as it is when the dialer refuses, and shows why', async () => {
  const at = await scene(() => ({ status: 200, body: { confirmed: false, message: 'not while it bills' } }));
  await command(at, 'pause');
  const campaign = await becomes(at, 'refused');
  expect(campaign).toMatchObject({ confirmation: { message: 'not while it bills' } });
  expect(campaign.status).toBe('running');
  expect((await timelineOf(at)).map(({ kind }) => kind)).not.toContain('paused');
});

it('takes a 4xx for a refusal', async () => {
  const at = await scene(() => ({ status: 404 }));
  await command(at, 'pause');
  expect(await becomes(at, 'refused')).toMatchObject({ confirmation: { message: 'the webhook answered 404' } });
});

it('waits for a dialer that confirms later, and does not ask again', async () => {
  const at = await scene(() => ({ status: 202 }));
  await command(at, 'cancel', { reason: 'enough' });
  await vi.waitFor(() => expect(at.receiver.received).toHaveLength(1), PATIENCE);
  // Its time comes after that of asking again: once it is over, that was looked at.
  const resumes = await timedPause(at, 3);
  at.pass(5_000);
  await resumes();
  expect(await campaignOf(at)).toMatchObject({ status: 'running', confirmation: { state: 'asked' } });
  const confirm = (id: string) => at.server.send('POST', '/v1/campaigns/c/confirm', { id, confirmed: true });
  const { id } = JSON.parse(at.receiver.received[0]?.body ?? '');
  expect((await confirm('ord_other')).status).toBe(409);
  expect(await (await confirm(id)).json()).toMatchObject({ changed: true, phase: 'cancelled' });
  expect(await (await confirm(id)).json()).toMatchObject({ changed: false });
  expect(at.receiver.received).toHaveLength(1);
  expect((await timelineOf(at)).at(-1)).toMatchObject({ kind: 'cancelled', reason: 'enough' });
});

it('asks again by the same id until there is an answer, over a restart', async () => {
  let isWell = false;
  const at = await scene(() => (isWell ? CONFIRMED : { status: 503 }));
  await command(at, 'pause');
  await vi.waitFor(() => expect(at.receiver.received.length).toBeGreaterThanOrEqual(2), PATIENCE);
  await at.restart();
  expect(await campaignOf(at)).toMatchObject({ confirmation: { state: 'asked' } });
  isWell = true;
  at.pass(4_000);
  expect(await becomes(at, 'confirmed')).toMatchObject({ phase: 'paused' });
  expect(new Set(at.receiver.received.map(({ headers }) => headers['x-ringside-delivery'])).size).toBe(1);
  expect(new Set(at.receiver.received.map(({ body }) => body)).size).toBe(1);
});

it('waits no longer for an answer, and asks again no later, because the clock was set back', async () => {
  let isWell = false;
  const at = await scene(() => (isWell ? CONFIRMED : { status: 503 }));
  // Once it is over, timers were looked at before the clock is set.
  await (await timedPause(at, 1))();
  await command(at, 'pause');
  await vi.waitFor(() => expect(at.receiver.received.length).toBeGreaterThanOrEqual(1), PATIENCE);
  at.step(-7_200_000);
  await vi.waitFor(() => expect(at.receiver.received.length).toBeGreaterThanOrEqual(2), PATIENCE);
  at.pass(31_000);
  await becomes(at, 'unconfirmed');
  at.step(-7_200_000);
  isWell = true;
  await command(at, 'pause');
  expect(await becomes(at, 'confirmed')).toMatchObject({ phase: 'paused' });
});

it('says that it is not confirmed when nobody answers in time, and believes a later word all the same', async () => {
  const elsewhere = await webhookReceiver(() => CONFIRMED);
  closers.push(elsewhere.stop);
  const at = await scene(() => ({ status: 307, headers: { location: elsewhere.url } }));
  await command(at, 'pause');
  await vi.waitFor(() => expect(at.receiver.received.length).toBeGreaterThanOrEqual(1), PATIENCE);
  at.pass(31_000);
  const campaign = await becomes(at, 'unconfirmed');
  expect(elsewhere.received).toHaveLength(0);
  expect(campaign).toMatchObject({
    status: 'running',
    confirmation: { command: 'pause', message: expect.any(String) },
  });
  const event = { type: 'campaign', campaignId: 'c', at: new Date().toISOString(), change: 'paused' };
  await at.server.send('POST', '/v1/events', { events: [event] });
  expect(await becomes(at, 'confirmed')).toMatchObject({ phase: 'paused' });
});

it('is set by administrators, shows its secret once, and without one nothing is asked', async () => {
  const at = await scene(() => CONFIRMED);
  const { server, secret } = at;
  const put = async (body: unknown) => (await server.send('PUT', '/v1/settings/control-webhook', body)).json();
  const url = at.receiver.url;
  expect(secret.length).toBeGreaterThan(40);
  expect(await put({ url, timeoutSeconds: 60 })).toMatchObject({ secret: null, timeoutSeconds: 60 });
  const rotated = await put({ url, rotateSecret: true });
  expect([rotated.secret === secret, typeof rotated.secret]).toEqual([false, 'string']);
  expect(await (await server.get('/v1/settings/control-webhook')).json()).toMatchObject({ url, secret: null });
  for (const wrong of ['ftp://x/', 'http://user:word@x/', 'file:///etc/passwd', '/control']) {
    expect((await server.send('PUT', '/v1/settings/control-webhook', { url: wrong })).status).toBe(400);
  }
  const audit = await (await server.get('/v1/audit?action=control-webhook')).text();
  expect([audit.includes(url), audit.includes(secret), audit.includes(rotated.secret)]).toEqual([true, false, false]);
  const remove = () => server.send('DELETE', '/v1/settings/control-webhook', undefined);
  expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
  const refused = await command(at, 'pause');
  expect([refused.status, (await refused.json()).code]).toEqual([409, 'no-control-webhook']);
  expect(at.receiver.received).toHaveLength(0);
});
