import { Campaign, CampaignList, Report } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hangup, type TestServer, testServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const FULL = {
  id: 'c-42',
  name: 'Diwali offer',
  totalCalls: 1200,
  dialer: 'external',
  startedAt: '2025-08-07T14:00:00Z',
  retry: { maxAttempts: 3, delaySeconds: 1800 },
  pace: { callsPerSecond: 2, concurrency: 10 },
  defaultCountry: 'IN',
  timezone: 'Asia/Kolkata',
  currency: 'USD',
  maxCallSeconds: 600,
  attributes: { team: 'north' },
};

describe('campaigns', () => {
  it('are created once: 201, then 200 for the same values and 409 for others', async () => {
    const created = await server.send('POST', '/v1/campaigns', FULL);
    expect(created.status).toBe(201);
    expect(Campaign.parse(await created.json())).toMatchObject({ ...FULL, registered: true, phase: 'running' });
    expect((await server.send('POST', '/v1/campaigns', FULL)).status).toBe(200);
    const other = await server.send('POST', '/v1/campaigns', { ...FULL, name: 'Other' });
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([409, 'campaign-exists']);
  });

  it('that callbacks made are adopted with 201, and keep their calls', async () => {
    await server.callback('hangup', 'adopted', hangup('ad-1'));
    expect(await (await server.get('/v1/campaigns/adopted')).json()).toMatchObject({
      registered: false,
      totalCalls: null,
    });
    expect((await server.send('POST', '/v1/campaigns', { id: 'adopted', name: 'Mine', totalCalls: 10 })).status).toBe(
      201,
    );
    expect((await server.report('adopted')).progress).toMatchObject({
      totalCalls: 10,
      completedCalls: 1,
      totalKnown: true,
    });
  });

  it('read numbers again when a default country comes after calls', async () => {
    const event = { type: 'ended', campaignId: 'local', at: '2025-08-07T14:00:00Z', status: 'busy' };
    await server.send('POST', '/v1/events', {
      events: [
        { ...event, callId: 'l1', to: '09876543210' },
        { ...event, callId: 'l2', to: '+919876543210', at: '2025-08-07T14:05:00Z' },
      ],
    });
    expect((await server.report('local')).progress.totalCalls).toBe(2);
    await server.send('POST', '/v1/campaigns', { id: 'local', name: 'L', defaultCountry: 'IN' });
    const report = await server.report('local');
    expect(report.progress.totalCalls).toBe(1);
    expect(new Set(report.recentActivity.map((call) => call.number))).toEqual(new Set(['+919876543210']));
  });

  it('change by PATCH, and only what is given', async () => {
    await server.send('POST', '/v1/campaigns', { id: 'p', name: 'Before', totalCalls: 5 });
    const patched = await server.send('PATCH', '/v1/campaigns/p', { totalCalls: 9 });
    expect(await patched.json()).toMatchObject({ name: 'Before', totalCalls: 9 });
    expect((await server.send('PATCH', '/v1/campaigns/p', {})).status).toBe(400);
    expect((await server.send('PATCH', '/v1/campaigns/nobody', { name: 'x' })).status).toBe(404);
  });

  it('are listed newest first, page by page, each once', async () => {
    for (let i = 0; i < 7; i++) await server.send('POST', '/v1/campaigns', { id: `page-${i}`, name: `P${i}` });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = CampaignList.parse(await (await server.get(`/v1/campaigns?limit=3${query}`)).json());
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 2)).toEqual(['page-6', 'page-5']);
    expect(seen).toContain('c-42');
  });
});

describe('the report', () => {
  it('has every member of the schema and no other, also for an empty campaign', async () => {
    await server.send('POST', '/v1/campaigns', { id: 'empty', name: 'Empty' });
    const report = await server.report('empty');
    const parsed = Report.parse(report);
    expect(parsed).toEqual(report);
    expect(report.callMetrics).toMatchObject({ answerRate: null, averageDuration: null });
  });

  it('is the same by the existing front ends’ route', async () => {
    await server.callback('hangup', 'same', hangup('s-1'));
    for (const body of [{ campaignId: 'same' }, { campId: 'same' }]) {
      const answer = await server.send('POST', '/plivo/current-campaign-report', body);
      expect(await answer.json()).toEqual(await server.report('same'));
    }
    expect((await server.send('POST', '/plivo/current-campaign-report', { id: 'same' })).status).toBe(400);
  });

  it('is not sent again while nothing changed', async () => {
    await server.send('POST', '/v1/campaigns', { id: 'etag', name: 'E' });
    await server.send('POST', '/v1/events', {
      events: [{ type: 'campaign', campaignId: 'etag', at: '2025-08-07T14:00:00Z', change: 'completed' }],
    });
    const first = await server.get('/v1/campaigns/etag/report');
    const etag = first.headers.get('etag') ?? '';
    const again = await server.get('/v1/campaigns/etag/report', { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await server.callback('hangup', 'etag', hangup('e-1'));
    const changed = await server.get('/v1/campaigns/etag/report', { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(
      (await server.get('/v1/campaigns/etag/report?recent=0', { 'if-none-match': changed.headers.get('etag') ?? '' }))
        .status,
    ).toBe(200);
  });

  it('shows as many recent calls as asked for, newest end first', async () => {
    const events = Array.from({ length: 120 }, (_, i) => ({
      type: 'ended',
      campaignId: 'many',
      callId: `call-${String(i).padStart(3, '0')}`,
      at: new Date(Date.UTC(2025, 7, 7, 14, 0, Math.floor(i / 2))).toISOString(),
      status: 'busy',
    }));
    await server.send('POST', '/v1/events', { events });
    for (const [query, count] of [
      ['', 25],
      ['?recent=0', 0],
      ['?recent=100', 100],
      ['?recent=07', 7],
      ['?recent=1e1', 10],
    ] as const) {
      const report = Report.parse(await (await server.get(`/v1/campaigns/many/report${query}`)).json());
      expect(report.recentActivity.length).toBe(count);
    }
    const { recentActivity } = await server.report('many');
    expect(recentActivity.slice(0, 3).map((call) => call.callUUID)).toEqual(['call-118', 'call-119', 'call-116']);
    for (const query of [
      'recent=101',
      'recent=-1',
      'recent=1.5',
      'recent=ten',
      'recent=1&recent=2',
      'recent=1&more=1',
    ]) {
      expect([query, (await server.get(`/v1/campaigns/many/report?${query}`)).status]).toEqual([query, 400]);
    }
  });
});
