import type { Campaign, TimelineItem } from '@ringside/protocol';
import { afterEach, expect, it, vi } from 'vitest';
import { movableClock } from '../testing/movable-clock.ts';
import { type TestServer, temporaryFolder, testServer } from '../testing/running-server.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };
const dial = { callerIds: ['+918035735659'], answerUrl: 'https://host.example/answer' };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server with a campaign `c` that it dials, and a clock that can be put forward, over restarts. */
async function scene(more: object = {}) {
  const folder = temporaryFolder();
  const clock = movableClock();
  const open = (): Promise<TestServer> => testServer({ RINGSIDE_DATA: folder.path }, clock);
  const at = {
    ...clock,
    server: await open(),
    async restart(): Promise<void> {
      await at.server.stop();
      at.server = await open();
    },
    command: (name: string, body: unknown = {}) => at.server.send('POST', `/v1/campaigns/c/${name}`, body),
    campaign: async (): Promise<Campaign> => (await at.server.get('/v1/campaigns/c')).json(),
    timeline: async (): Promise<TimelineItem[]> =>
      (await (await at.server.get('/v1/campaigns/c/timeline')).json()).items,
    saysLast: (item: Partial<TimelineItem>): Promise<void> =>
      vi.waitFor(async () => expect((await at.timeline()).at(-1)).toMatchObject(item), PATIENCE),
  };
  closers.push(folder.remove, () => at.server.stop());
  await at.server.send('POST', '/v1/campaigns', { id: 'c', name: 'c', dialer: 'built-in', dial, ...more });
  return at;
}

it('a timed pause ends by itself, also over a restart, and once', async () => {
  const at = await scene();
  await at.command('start');
  await at.command('pause', { forSeconds: 3_600 });
  await at.restart();
  expect(await at.campaign()).toMatchObject({ phase: 'paused' });
  at.pass(3_601_000);
  await at.saysLast({ kind: 'resumed', actor: 'ringside', reason: 'the pause was timed' });
  await at.restart();
  expect((await at.timeline()).filter(({ kind }) => kind === 'resumed')).toHaveLength(1);
});

it('a pause that took the place of a timed one stays', async () => {
  const at = await scene({ deadline: new Date(Date.now() + 7_200_000).toISOString() });
  await at.command('start');
  await at.command('pause', { forSeconds: 3_600 });
  await at.command('pause', { reason: 'until I say so' });
  // The timer of the pause comes before that of the deadline.
  at.pass(7_201_000);
  await at.saysLast({ kind: 'completed' });
  expect((await at.timeline()).map(({ kind }) => kind)).not.toContain('resumed');
});

it('a planned start happens, and a deadline ends what is not over', async () => {
  const at = await scene();
  const after = (ms: number) => new Date(at.now() + ms).toISOString();
  await at.command('start', { at: after(3_600_000) });
  await at.server.send('PATCH', '/v1/campaigns/c', { deadline: after(7_200_000) });
  expect(await at.campaign()).toMatchObject({ phase: 'scheduled' });
  at.pass(3_601_000);
  await at.saysLast({ kind: 'started', actor: 'ringside', reason: 'it was scheduled' });
  await at.restart();
  at.pass(3_600_000);
  await at.saysLast({ kind: 'completed', actor: 'ringside', reason: 'its deadline has passed' });
});

it('what is declared and planned under a clock that was set back counts', async () => {
  const at = await scene({ pace: { callsPerSecond: 10 } });
  const after = (ms: number) => new Date(at.now() + ms).toISOString();
  at.step(-7_200_000);
  const pace = { callsPerSecond: 1 };
  expect(await (await at.server.send('PATCH', '/v1/campaigns/c', { pace })).json()).toMatchObject({ pace });
  await at.command('start', { at: after(3_600_000) });
  expect(await at.campaign()).toMatchObject({ phase: 'scheduled', pace });
  at.pass(3_601_000);
  await at.saysLast({ kind: 'started', actor: 'ringside', reason: 'it was scheduled' });
});

it('commands under a clock that was set back stand in their order, and a timed pause still ends', async () => {
  const at = await scene();
  await at.command('start');
  at.step(-7_200_000);
  await at.command('pause', { forSeconds: 3_600 });
  expect(await at.campaign()).toMatchObject({ phase: 'paused' });
  await at.command('resume');
  await at.command('pause', { forSeconds: 60 });
  await at.restart();
  expect(await at.campaign()).toMatchObject({ phase: 'paused' });
  at.pass(61_000);
  await at.saysLast({ kind: 'resumed', actor: 'ringside', reason: 'the pause was timed' });
  expect((await at.timeline()).map(({ kind }) => kind)).toEqual([
    ...['registered', 'started', 'paused', 'resumed', 'paused', 'resumed'],
  ]);
});
