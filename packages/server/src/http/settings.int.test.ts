import { defaultSettings, LeadPreview, type Report, Settings } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const { leadRules } = defaultSettings;
const START = Date.UTC(2025, 7, 7, 14);

/** Calls that talked so many seconds, a minute apart. */
async function calls(campaignId: string, seconds: readonly number[]): Promise<void> {
  const events = seconds.map((duration, i) => ({
    type: 'ended',
    campaignId,
    callId: `${campaignId}-${i}`,
    at: new Date(START + i * 60_000).toISOString(),
    status: duration > 0 ? 'completed' : 'busy',
    duration,
  }));
  for (let i = 0; i < events.length; i += 1_000)
    await server.send('POST', '/v1/events', { events: events.slice(i, i + 1_000) });
}

const leadsOf = async (campaignId: string): Promise<Report['leads']> => (await server.report(campaignId)).leads;

describe('lead rules', () => {
  it('score calls that nobody judged, by the defaults at first', async () => {
    await calls('scored', [0, 10, 50, 95, 200]);
    // 20 for a person, and 0, 25, 40, 55 for the seconds: cold, warm, warm, hot.
    expect(await leadsOf('scored')).toEqual({ hot: 1, warm: 2, cold: 1, 'no-answer': 1, unscored: 0 });
    const { results } = (await (
      await server.send('POST', '/v1/events', {
        events: [
          {
            type: 'lead',
            campaignId: 'scored',
            callId: 'scored-1',
            at: new Date(START).toISOString(),
            leadStatus: 'hot',
          },
        ],
      })
    ).json()) as { results: { result: string }[] };
    expect(results[0]?.result).toBe('accepted');
    expect(await leadsOf('scored')).toMatchObject({ hot: 2, cold: 0 });
  });

  it('can be tried on past calls, with examples and reasons, and change nothing thereby', async () => {
    await calls('tried', [50, 50, 200]);
    const strict = { ...leadRules, warmFrom: 60, hotFrom: 90 };
    const response = await server.send('POST', '/v1/settings/lead-rules/preview', {
      leadRules: strict,
      campaignId: 'tried',
    });
    const preview = LeadPreview.parse(await response.json());
    expect(preview).toMatchObject({
      calls: 3,
      before: { hot: 1, warm: 2, cold: 0 },
      after: { hot: 0, warm: 1, cold: 2 },
    });
    expect(preview.examples[0]).toMatchObject({
      before: 'hot',
      after: 'warm',
      score: 75,
      reasons: ['a person answered: +20', 'talked 200 s: +55'],
    });
    expect(await leadsOf('tried')).toMatchObject({ hot: 1, warm: 2 });
  });

  it('count for new campaigns when they are set, and for old ones when they are applied', async () => {
    await calls(
      'old',
      Array.from({ length: 2_500 }, () => 50),
    );
    expect(await leadsOf('old')).toMatchObject({ warm: 2_500 });
    const generous = { ...defaultSettings, leadRules: { ...leadRules, hotFrom: 40 } };
    expect(Settings.parse(await (await server.send('PUT', '/v1/settings', generous)).json())).toEqual(generous);
    expect(await (await server.get('/v1/settings')).json()).toEqual(generous);
    await calls('new', [50]);
    expect(await leadsOf('new')).toMatchObject({ hot: 1 });
    expect(await leadsOf('old')).toMatchObject({ warm: 2_500 });
    const applied = await server.send('POST', '/v1/settings/lead-rules/apply', { campaignIds: ['old', 'unknown'] });
    expect([applied.status, await applied.json()]).toEqual([202, { campaigns: 1 }]);
    await expect.poll(() => leadsOf('old'), { timeout: 10_000 }).toMatchObject({ hot: 2_500, warm: 0 });
    expect((await server.report('old')).callMetrics.rates.leadConversion).toMatchObject({
      numerator: 2_500,
      denominator: 2_500,
    });
  });

  it.each([
    ['an unknown rule', { ...leadRules, luck: 1 }],
    ['points beyond a hundred', { ...leadRules, base: 101 }],
    ['digits that are none', { ...leadRules, digits: { yes: 1 } }],
  ])('refuse %s', async (_what, rules) => {
    expect((await server.send('PUT', '/v1/settings', { leadRules: rules })).status).toBe(400);
  });
});

describe('a report of the past', () => {
  it('shows what was known then', async () => {
    await server.send('POST', '/v1/campaigns', { id: 'past', name: 'Past', totalCalls: 10 });
    await calls('past', [30, 0, 60, 0]);
    const asOf = async (minutes: number) => {
      const at = new Date(START + minutes * 60_000).toISOString();
      return server.get(`/v1/campaigns/past/report?asOf=${at}`);
    };
    expect((await asOf(-60)).status).toBe(404);
    const early = (await (await asOf(1.5)).json()) as Report;
    // The registration came later, so the total was not known then.
    expect(early).toMatchObject({
      campaignName: 'past',
      asOf: '2025-08-07T14:01:30Z',
      progress: { attempts: 2, completedCalls: 1, totalKnown: false },
    });
    expect(early.recentActivity).toHaveLength(2);
    const now = new Date().toISOString();
    const {
      version: _v,
      revision: _r,
      asOf: _a,
      ...past
    } = (await (await server.get(`/v1/campaigns/past/report?asOf=${now}`)).json()) as Report;
    const { version: _v2, revision: _r2, asOf: _a2, ...present } = await server.report('past');
    expect(past).toEqual(present);
    expect((await asOf(1e9)).status).toBe(400);
  });
});

describe('retention', () => {
  it('stays as it was when a change does not speak of it, and takes whole days only', async () => {
    const put = (body: unknown) => server.send('PUT', '/v1/settings', body);
    expect(await (await put({ leadRules, retention: { callDays: 400 } })).json()).toMatchObject({
      retention: { callDays: 400 },
    });
    expect(await (await put({ leadRules })).json()).toMatchObject({ retention: { callDays: 400 } });
    expect(await (await server.get('/v1/settings')).json()).toMatchObject({ retention: { callDays: 400 } });
    for (const callDays of [0, 1.5, 3_651, '30']) {
      expect((await put({ leadRules, retention: { callDays } })).status).toBe(400);
    }
    expect(await (await put({ retention: { callDays: null } })).json()).toMatchObject({
      retention: { callDays: null },
    });
  });
});
