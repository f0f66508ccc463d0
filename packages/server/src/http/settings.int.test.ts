import { type Call, defaultSettings, LeadPreview, type Report, Settings } from '@ringside/protocol';
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
    [
      'points for the first attempt as a repeated one',
      { ...leadRules, repeatAttempts: [{ fromAttempt: 1, points: 5 }] },
    ],
  ])('refuse %s', async (_what, rules) => {
    expect((await server.send('PUT', '/v1/settings', { leadRules: rules })).status).toBe(400);
  });
});

describe('points for repeated attempts', () => {
  const repeating = { ...leadRules, repeatAttempts: [{ fromAttempt: 2, points: 30 }] };

  /** Calls of one person that talked 50 s each, named by the minute they began in. */
  async function callsOf(campaignId: string, minutes: readonly number[], to = '+919876500001'): Promise<void> {
    const events = minutes.map((n) => ({
      type: 'ended',
      campaignId,
      callId: `${campaignId}-${n}`,
      to,
      at: new Date(START + n * 60_000).toISOString(),
      status: 'completed',
      duration: 50,
    }));
    await server.send('POST', '/v1/events', { events });
  }

  const reasonOf = async (campaignId: string, n: number): Promise<string | null> => {
    const response = await server.get(`/v1/campaigns/${campaignId}/calls/${campaignId}-${n}`);
    return ((await response.json()) as Call).leadReason;
  };
  const once = 'a person answered: +20; talked 50 s: +25';
  const twice = `${once}; 2nd attempt: +30`;

  beforeAll(async () => {
    await server.send('PUT', '/v1/settings', { leadRules: repeating });
  });
  afterAll(async () => {
    await server.send('PUT', '/v1/settings', { leadRules });
  });

  it('move on when an earlier attempt comes late, in the report, the feed, the list and a rebuilt past', async () => {
    await callsOf('repeat', [20]);
    expect(await leadsOf('repeat')).toMatchObject({ hot: 0, warm: 1 });
    await callsOf('repeat', [10]);
    expect([await reasonOf('repeat', 10), await reasonOf('repeat', 20)]).toEqual([once, twice]);
    const { version: _v, revision: _r, asOf, forecast: _f, ...live } = await server.report('repeat');
    expect(live.leads).toMatchObject({ hot: 1, warm: 1 });
    expect(live.recentActivity.map(({ leadStatus }) => leadStatus)).toEqual(['hot', 'warm']);
    const rebuilt = (await (await server.get(`/v1/campaigns/repeat/report?asOf=${asOf}`)).json()) as Report;
    expect(rebuilt).toMatchObject(live);
  });

  it('follow when a default country makes two spellings one person', async () => {
    await callsOf('spelled', [1], '+919876500002');
    await callsOf('spelled', [2], '09876500002');
    expect(await reasonOf('spelled', 2)).toBe(once);
    await server.send('POST', '/v1/campaigns', { id: 'spelled', name: 'Spelled', defaultCountry: 'IN' });
    expect(await reasonOf('spelled', 2)).toBe(twice);
  });

  it('are tried on and applied to past calls, many at a time', async () => {
    await server.send('PUT', '/v1/settings', { leadRules });
    const numbers = Array.from({ length: 1_500 }, (_, n) => n);
    await callsOf('many', numbers.slice(0, 750));
    await callsOf('many', numbers.slice(750));
    const preview = await server.send('POST', '/v1/settings/lead-rules/preview', {
      leadRules: repeating,
      campaignId: 'many',
    });
    expect(await preview.json()).toMatchObject({ after: { hot: 1_499, warm: 1 } });
    await server.send('PUT', '/v1/settings', { leadRules: repeating });
    await server.send('POST', '/v1/settings/lead-rules/apply', { campaignIds: ['many'] });
    await expect.poll(() => leadsOf('many'), { timeout: 10_000 }).toMatchObject({ hot: 1_499, warm: 1 });
    expect(await reasonOf('many', 1_020)).toBe(`${once}; 1021st attempt: +30`);
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
