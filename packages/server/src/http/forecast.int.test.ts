import type { Report } from '@ringside/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestServer, testServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** A campaign of 100 that dialed one call after the other, half a minute each, up to now. */
async function dialed(campaignId: string, calls: number): Promise<void> {
  await server.send('POST', '/v1/campaigns', {
    id: campaignId,
    name: 'F',
    totalCalls: 100,
    retry: { maxAttempts: 1, delaySeconds: 60 },
  });
  const events = Array.from({ length: calls }, (_, i) => {
    const end = Date.now() - (calls - 1 - i) * 30_000;
    const call = { campaignId, callId: `${campaignId}-${i}`, to: `+9198765${String(i).padStart(5, '0')}` };
    return [
      { ...call, type: 'initiated', at: new Date(end - 29_000).toISOString() },
      {
        ...call,
        type: 'ended',
        at: new Date(end).toISOString(),
        status: i % 2 ? 'completed' : 'busy',
        duration: i % 2 ? 20 : 0,
      },
    ];
  }).flat();
  await server.send('POST', '/v1/events', { events });
}

it('says nothing before there is anything to go by, and why', async () => {
  await dialed('few', 5);
  const { forecast, progress, timeline } = await server.report('few');
  expect(forecast).toMatchObject({ seconds: null, endTime: null, basis: expect.stringMatching(/\w/) });
  expect([progress.estimatedTimeRemaining, timeline.estimatedEndTime]).toEqual([null, null]);
});

it('foretells the end as a range that holds what the pace says, the same for two readers', async () => {
  await dialed('half', 50);
  const report = await server.report('half');
  const { seconds, endTime, sample } = report.forecast as NonNullable<Report['forecast']>;
  // Fifty contacts are left, half a minute each: about 1,500 s, more when this machine is slow to ask.
  const { p10, p50, p90 } = seconds ?? { p10: 0, p50: 0, p90: 0 };
  expect(p50).toBeGreaterThan(1_000);
  expect(p50).toBeLessThan(2_500);
  expect(p10).toBeLessThan(p50);
  expect(p90).toBeGreaterThan(p50);
  expect(sample).toBe(50);
  expect(report.timeline.estimatedEndTime).toBe(endTime?.p50);
  expect(report.progress.estimatedTimeRemaining).toMatch(/^\d+ min/);
  const list = (await (await server.get('/v1/campaigns')).json()) as { items: { id: string; summary: Report }[] };
  expect(list.items.find(({ id }) => id === 'half')?.summary.forecast).toEqual(report.forecast);
});

it('tells what is left once a paused campaign is resumed, and no end', async () => {
  await dialed('paused', 50);
  const at = new Date().toISOString();
  await server.send('POST', '/v1/events', {
    events: [{ type: 'campaign', campaignId: 'paused', at, change: 'paused' }],
  });
  const { forecast } = await server.report('paused');
  expect(forecast).toMatchObject({ endTime: null, basis: expect.stringContaining('resumed') });
});
