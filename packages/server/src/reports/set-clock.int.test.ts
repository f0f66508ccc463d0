import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MovableClock, movableClock } from '../testing/movable-clock.ts';
import { type TestServer, testServer } from '../testing/running-server.ts';

const HOUR_MS = 3_600_000;
let clock: MovableClock;
let server: TestServer;

beforeAll(async () => {
  clock = movableClock();
  server = await testServer({}, clock);
});
afterAll(() => server.stop());

const timeOf = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
const shown = async (): Promise<unknown[]> => {
  const { phase, blockers } = await server.report('hours');
  const { campaigns } = await (await server.get('/v1/overview')).json();
  return [phase, blockers[0]?.code, campaigns.hours.phase];
};

it('reports go by the clock as it is, also right after it was set forward or back', async () => {
  const weekly = [
    { days: [1, 2, 3, 4, 5, 6, 7], from: timeOf(clock.now() - HOUR_MS), to: timeOf(clock.now() + HOUR_MS) },
  ];
  const startedAt = new Date(clock.now() - 60_000).toISOString();
  const windows = { zone: 'campaign', weekly, holidays: [] };
  await server.send('POST', '/v1/campaigns', { id: 'hours', name: 'hours', totalCalls: 9, startedAt, windows });
  expect(await shown()).toEqual(['running', undefined, 'running']);
  clock.step(2 * HOUR_MS);
  expect(await shown()).toEqual(['waiting', 'outside-calling-window', 'waiting']);
  clock.step(-2 * HOUR_MS);
  expect(await shown()).toEqual(['running', undefined, 'running']);
});
