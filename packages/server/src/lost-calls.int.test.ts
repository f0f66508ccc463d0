import { defaultSettings } from '@ringside/protocol';
import {
  asReconciled,
  type CallDetailServer,
  type RunOptions,
  type RunRecord,
  runCampaign,
  scenarios,
  startAppForm,
  startCallDetailServer,
  summarise,
} from '@ringside/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { AUTH_ID, AUTH_TOKEN, hangup, KEY, type TestServer, testServer } from './testing/running-server.ts';

/** Minutes become milliseconds, and everything else stays as it is. */
const sweep = { everyMs: 20, graceMs: 0, firstGapMs: 100, longestGapMs: 500, refusedGapMs: 60_000 };

let server: TestServer | undefined;
let details: CallDetailServer | undefined;
afterEach(async () => {
  await server?.stop();
  await details?.close();
  server = undefined;
  details = undefined;
});

async function start(apiUrl: string): Promise<TestServer> {
  server = await testServer({ PLIVO_API_URL: apiUrl }, { sweep });
  // The record knows the bot's verdicts only, so the rules shall give no other hot ones.
  const { leadRules } = defaultSettings;
  await server.send('PUT', '/v1/settings', { leadRules: { ...leadRules, hotFrom: 101, warmFrom: 101 } });
  return server;
}

/** A campaign of a few seconds that is played live and loses a good part of its callbacks. */
function play(url: string, options: Partial<RunOptions> = {}): Promise<RunRecord> {
  const scenario = { ...scenarios.steady, contacts: 60, concurrency: 60, callsPerSecond: 2, maxCallSeconds: 240 };
  return runCampaign({
    ...{ url, key: KEY, authId: AUTH_ID, authTokens: [AUTH_TOKEN], campaignId: 'lossy', seed: 'lost calls' },
    scenario: { ...scenario, retry: { maxAttempts: 1, delaySeconds: 60 } },
    speed: 240,
    faults: { drop: 0.4, duplicate: 0.1 },
    ...options,
  });
}

interface Swept {
  readonly sweep: {
    readonly lastRunAt: string | null;
    readonly waiting: number;
    readonly reconciled: number;
    readonly lost: number;
    readonly unavailable: number;
    readonly warning: string | null;
  };
}
const swept = async (at: TestServer) => ((await (await at.get('/v1/intake')).json()) as Swept).sweep;

/** A call that was picked up just now, in a campaign whose calls take a second at most. */
async function pickUp(at: TestServer, campaignId: string, callUuid: string): Promise<void> {
  await at.send('POST', '/v1/campaigns', { id: campaignId, name: campaignId, maxCallSeconds: 1 });
  const call = { authId: AUTH_ID, callUuid, requestUuid: callUuid, from: '+918035735659', to: '+919876543210' };
  await at.callback('answer', campaignId, startAppForm({ ...call, sessionStart: Date.now(), billRate: '0.005' }));
}

const outcomesOf = async (at: TestServer, campaignId: string) => {
  const { callMetrics } = await at.report(campaignId);
  return Object.fromEntries(Object.entries(callMetrics.outcomes).filter(([, count]) => count > 0));
};
const activeIn = async (at: TestServer, campaignId: string) => (await at.report(campaignId)).callMetrics.activeCalls;

describe('calls whose end never came', () => {
  it.each([0, 0.3])(
    'are brought to exactly what the provider’s records say, although it fails at a share of %d',
    async (failures) => {
      details = await startCallDetailServer({ authId: AUTH_ID, authTokens: [AUTH_TOKEN], failures });
      const at = await start(details.url);
      const record = await play(at.url, { onRecord: details.add });
      const missed = record.calls.filter(({ fates }) => fates.hangup === 'dropped').length;
      expect(missed).toBeGreaterThan(10);
      await expect.poll(() => activeIn(at, 'lossy'), { timeout: 20_000 }).toBe(0);

      const truth = summarise(asReconciled(record.calls));
      const { callMetrics, progress, leads } = await at.report('lossy');
      expect({
        attempts: progress.attempts,
        reached: progress.completedCalls,
        ended: callMetrics.rates.answer.denominator,
        answered: callMetrics.rates.answer.numerator,
        machines: callMetrics.rates.machine.numerator,
        talkSeconds: callMetrics.totalDuration,
        cost: callMetrics.cost.total,
        outcomes: await outcomesOf(at, 'lossy'),
        hot: leads.hot,
      }).toEqual({
        attempts: truth.attempts,
        reached: truth.reached,
        ended: truth.ended,
        answered: truth.answered,
        machines: truth.machines,
        talkSeconds: truth.talkSeconds,
        cost: truth.cost,
        outcomes: truth.outcomes,
        hot: truth.leads.hot,
      });
      expect(truth.outcomes.lost).toBeUndefined();
      // A report's clock moves in steps of five seconds.
      await expect.poll(async () => (await at.report('lossy')).phase, { timeout: 15_000 }).toBe('completed');
      expect(await swept(at)).toMatchObject({ waiting: 0, lost: 0, reconciled: expect.any(Number) });
      expect(details.answers.some((status) => status === 429)).toBe(failures > 0);
    },
    60_000,
  );

  it('are lost where the provider has no record of them, and every ended call has one outcome', async () => {
    details = await startCallDetailServer({ authId: AUTH_ID, authTokens: [AUTH_TOKEN] });
    const at = await start(details.url);
    const record = await play(at.url);
    await expect.poll(() => activeIn(at, 'lossy'), { timeout: 20_000 }).toBe(0);
    const known = asReconciled(record.calls);
    const lost = known.filter(({ fates }) => fates.hangup !== 'delivered').length;
    const outcomes = await outcomesOf(at, 'lossy');
    const { callMetrics, progress } = await at.report('lossy');
    expect(lost).toBeGreaterThan(5);
    expect(outcomes.lost).toBe(lost);
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(callMetrics.rates.answer.denominator);
    expect(callMetrics.rates.answer.denominator).toBe(progress.attempts);
    expect(progress.attempts).toBe(known.length);
    expect(await swept(at)).toMatchObject({ lost, reconciled: 0, waiting: 0, warning: null });
  }, 60_000);

  it('are corrected by a hangup that comes after they were given up', async () => {
    details = await startCallDetailServer({ authId: AUTH_ID, authTokens: [AUTH_TOKEN] });
    const at = await start(details.url);
    await pickUp(at, 'late', 'call-1');
    await expect.poll(() => outcomesOf(at, 'late'), { timeout: 10_000 }).toEqual({ lost: 1 });
    await at.callback('hangup', 'late', hangup('call-1'));
    expect(await outcomesOf(at, 'late')).toEqual({ completed: 1 });
    const { callMetrics, progress } = await at.report('late');
    expect(callMetrics).toMatchObject({ activeCalls: 0, totalDuration: 60 });
    expect(progress).toMatchObject({ attempts: 1, completedCalls: 1 });
  });

  it('stay live while the provider cannot be reached', async () => {
    details = await startCallDetailServer({ authId: AUTH_ID, authTokens: [AUTH_TOKEN] });
    const { url } = details;
    await details.close();
    const at = await start(url);
    await pickUp(at, 'down', 'call-1');
    await expect.poll(async () => (await swept(at)).unavailable, { timeout: 15_000 }).toBeGreaterThan(1);
    expect(await swept(at)).toMatchObject({ waiting: 1, lost: 0, warning: expect.stringContaining('ECONNREFUSED') });
    expect(await activeIn(at, 'down')).toBe(1);
  });

  it('stay live while the provider refuses the account, which is asked once and named', async () => {
    details = await startCallDetailServer({ authId: AUTH_ID, authTokens: ['another-token'] });
    const at = await start(details.url);
    await pickUp(at, 'refused', 'call-1');
    await expect.poll(async () => (await swept(at)).unavailable, { timeout: 10_000 }).toBe(1);
    const { lastRunAt } = await swept(at);
    await expect.poll(async () => (await swept(at)).lastRunAt !== lastRunAt).toBe(true);
    expect(await swept(at)).toMatchObject({
      waiting: 1,
      lost: 0,
      warning: expect.stringContaining('PLIVO_AUTH_TOKEN'),
    });
    expect(details.answers).toEqual([401]);
    expect(await activeIn(at, 'refused')).toBe(1);
  });

  it('of a dialer that only sends events are lost after the same time, and nobody is asked', async () => {
    details = await startCallDetailServer({ authId: AUTH_ID, authTokens: [AUTH_TOKEN] });
    const at = await start(details.url);
    await at.send('POST', '/v1/campaigns', { id: 'other', name: 'other', maxCallSeconds: 60 });
    const placed = (callId: string, ago: number) => ({
      ...{ type: 'initiated', campaignId: 'other', callId, to: '+919876543210' },
      at: new Date(Date.now() - ago).toISOString(),
    });
    await at.send('POST', '/v1/events', { events: [placed('old', 61_000), placed('new', 30_000)] });
    await expect.poll(() => outcomesOf(at, 'other'), { timeout: 10_000 }).toEqual({ lost: 1 });
    expect(await activeIn(at, 'other')).toBe(1);
    expect(details.answers).toEqual([]);
  });
});
