import { type Call, CallDetail, CallList } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRILL, playDrill, second, sendEvents } from '../testing/drill-campaign.ts';
import { hangup, type TestServer, temporaryFolder, testServer } from '../testing/running-server.ts';
import { workspaceKey } from '../testing/workspace.ts';

const folder = temporaryFolder();
let server: TestServer;
let all: Call[];
beforeAll(async () => {
  server = await testServer({ RINGSIDE_DATA: folder.path });
  await playDrill(server);
  all = (await list('limit=500')).items;
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

async function list(query: string, campaign = DRILL): Promise<CallList> {
  const response = await server.get(`/v1/campaigns/${campaign}/calls?${query}`);
  const body = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  // Every member of the schema, and no other.
  expect(CallList.parse(body)).toEqual(body);
  return body as CallList;
}

async function codeOf(path: string, headers?: Record<string, string>): Promise<[number, string]> {
  const response = await server.get(path, headers);
  return [response.status, ((await response.json()) as { code: string }).code];
}

const namesOf = (calls: readonly Call[]): string[] => calls.map((call) => call.callUUID);

/** All pages of a list, in order. */
async function pages(query: string, between: (page: number) => Promise<void> = async () => {}): Promise<Call[]> {
  const found: Call[] = [];
  let cursor: string | null = null;
  for (let page = 0; ; page++) {
    const next: CallList = await list(cursor === null ? query : `${query}&cursor=${cursor}`);
    found.push(...next.items);
    cursor = next.nextCursor;
    if (cursor === null) return found;
    await between(page);
  }
}

describe('the list of calls', () => {
  it('shows every placed call once: live ones first, then the newest end', async () => {
    expect(all).toHaveLength(26);
    expect(namesOf(all.slice(0, 2))).toEqual(['d-live-2', 'd-live-1']);
    const ends = all.slice(2).map((call) => call.endTime ?? '');
    expect(ends).toEqual([...ends].sort().reverse());
    expect(new Set(namesOf(all)).size).toBe(26);
    const report = await server.report(DRILL);
    expect(report.progress.attempts).toBe(26);
  });

  it('says everything about a call', () => {
    expect(all.find((call) => call.callUUID === 'd-18')).toEqual({
      callUUID: 'd-18',
      ids: { attempt: [], request: [], call: [], external: ['d-18'] },
      number: '+919876543200',
      from: '+918035735659',
      contactId: 'person-0',
      attempt: 2,
      state: 'ended',
      startTime: second(6),
      ringTime: null,
      answerTime: second(16),
      endTime: second(164),
      outcome: 'completed',
      answeredBy: 'human',
      duration: 130,
      billDuration: 180,
      ringSeconds: 10,
      leadStatus: expect.stringMatching(/hot|warm|cold/),
      leadScore: expect.any(Number),
      leadReason: expect.stringContaining('talked 130 s'),
      hangupCause: 'Normal Hangup',
      hangupCode: 4000,
      hangupSource: null,
      cost: '0.01842',
      currency: 'INR',
      digits: null,
      recordingUrl: null,
      attributes: { nth: 18 },
    });
    expect(all[1]).toMatchObject({
      state: 'live',
      endTime: null,
      outcome: null,
      ringTime: second(302),
      duration: null,
    });
  });

  it.each<[string, (call: Call) => boolean]>([
    ['outcome=busy', (call) => call.outcome === 'busy'],
    ['outcome=busy,failed', (call) => call.outcome === 'busy' || call.outcome === 'failed'],
    ['outcome=busy&outcome=machine', (call) => call.outcome === 'busy' || call.outcome === 'machine'],
    ['lead=no-answer', (call) => call.leadStatus === 'no-answer'],
    ['lead=cold,hot', (call) => call.leadStatus === 'cold' || call.leadStatus === 'hot'],
    ['cause=5020', (call) => call.hangupCode === 5020],
    ['number=4320', (call) => call.number?.includes('4320') === true],
    ['number=%2B44 2079', (call) => call.number?.startsWith('+442079') === true],
    [`from=${second(164)}`, (call) => call.endTime !== null && call.endTime >= second(164)],
    [`to=${second(164)}`, (call) => call.endTime !== null && call.endTime < second(164)],
    [`from=${second(40)}&to=${second(90)}`, (call) => within(call.endTime, second(40), second(90))],
    ['minDuration=60', (call) => (call.duration ?? -1) >= 60],
    ['maxDuration=20', (call) => call.duration !== null && call.duration <= 20],
    ['minDuration=20&maxDuration=60', (call) => (call.duration ?? -1) >= 20 && (call.duration ?? -1) <= 60],
    ['answeredBy=human', (call) => call.answeredBy === 'human'],
    ['answeredBy=machine', (call) => call.answeredBy === 'machine'],
    ['answeredBy=none', (call) => call.answeredBy === null],
    ['state=live', (call) => call.state === 'live'],
    ['state=ended', (call) => call.state === 'ended'],
    [
      'outcome=completed&minDuration=100&number=4321',
      (call) => call.duration === 130 && /4321/.test(call.number ?? ''),
    ],
  ])('lets through by %s what it says, in the same order', async (query, wanted) => {
    const expected = all.filter(wanted);
    expect(expected.length, 'the campaign has calls of both kinds').toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(all.length);
    expect((await list(query)).items).toEqual(expected);
    expect(await pages(`${query}&limit=2`)).toEqual(expected);
  });

  it('has no call of which only a note is known', async () => {
    await sendEvents(server, [{ type: 'note', campaignId: DRILL, callId: 'd-note', at: second(1) }]);
    expect((await list('limit=500')).items).toEqual(all);
    expect((await server.get(`/v1/campaigns/${DRILL}/calls/d-note`)).status).toBe(200);
  });

  const value = {
    endTime: (call: Call) => (call.endTime === null ? null : Date.parse(call.endTime)),
    startTime: (call: Call) => (call.startTime === null ? null : Date.parse(call.startTime)),
    duration: (call: Call) => call.duration,
  };

  it.each(
    (['endTime', 'startTime', 'duration'] as const).flatMap((sort) => [
      [sort, 'asc'] as const,
      [sort, 'desc'] as const,
    ]),
  )('sorts by %s %s, over pages too', async (sort, order) => {
    const items = (await list(`sort=${sort}&order=${order}&limit=500`)).items;
    const known = items.map(value[sort]).filter((v) => v !== null);
    expect(known).toEqual([...known].sort((a, b) => (order === 'asc' ? a - b : b - a)));
    const unknown = items
      .map(value[sort])
      .map((v, i) => (v === null ? i : -1))
      .filter((i) => i >= 0);
    const places = sort === 'endTime' ? [0, 1] : sort === 'duration' ? [24, 25] : [];
    expect(unknown, 'live calls come first by end, unknown durations last').toEqual(places);
    expect(new Set(namesOf(items))).toEqual(new Set(namesOf(all)));
    expect(await pages(`sort=${sort}&order=${order}&limit=5`)).toEqual(items);
  });

  it('neither misses nor doubles a call while others arrive', async () => {
    const busy = 'moving';
    const end = (callId: string, at: number) =>
      ({ type: 'ended', campaignId: busy, callId, at: second(at), status: 'busy' }) as const;
    await sendEvents(
      server,
      Array.from({ length: 40 }, (_, n) => end(`old-${n}`, n % 7)),
    );
    for (const [sort, order] of [
      ['endTime', 'desc'],
      ['endTime', 'asc'],
      ['startTime', 'desc'],
      ['duration', 'asc'],
    ]) {
      const found: Call[] = [];
      let cursor: string | null = null;
      do {
        const query: string = `limit=4&sort=${sort}&order=${order}${cursor === null ? '' : `&cursor=${cursor}`}`;
        const page: CallList = await list(query, busy);
        found.push(...page.items);
        cursor = page.nextCursor;
        const n = found.length;
        await sendEvents(server, [end(`${sort}-${order}-${n}`, n % 9)]);
      } while (cursor !== null && found.length < 400);
      const old = namesOf(found).filter((name) => name.startsWith('old-'));
      expect(old).toHaveLength(40);
      expect(new Set(namesOf(found)).size).toBe(found.length);
    }
  });
});

function within(end: string | null, from: string, to: string): boolean {
  return end !== null && end >= from && end < to;
}

describe('a list refuses', () => {
  it.each([
    ['an unknown field', 'colour=red'],
    ['an unknown outcome', 'outcome=gone'],
    ['an empty outcome', 'outcome='],
    ['two digits', 'number=12'],
    ['letters in a number', 'number=12345%25'],
    ['a time without a zone', 'from=2025-08-07T14:00:00'],
    ['a negative duration', 'minDuration=-1'],
    ['a limit above 500', 'limit=501'],
    ['an unknown sort', 'sort=number'],
    ['an unreadable cursor', 'cursor=abc'],
    ['a cursor that only looks like one', `cursor=${'A'.repeat(80)}`],
    ['an injected value', 'sort=endTime;DROP TABLE calls'],
  ])('%s', async (_what, query) => {
    expect(await codeOf(`/v1/campaigns/${DRILL}/calls?${query}`)).toEqual([400, 'validation-failed']);
  });

  it('a cursor of another query, another campaign or another list', async () => {
    const { nextCursor } = await list('limit=2');
    expect((await list(`limit=3&cursor=${nextCursor}`)).items).toHaveLength(3);
    await sendEvents(server, [{ type: 'initiated', campaignId: 'foreign', callId: 'f', at: second(0) }]);
    for (const path of [
      `${DRILL}/calls?sort=startTime&`,
      `${DRILL}/calls?order=asc&`,
      `${DRILL}/calls?outcome=busy&`,
      `${DRILL}/contacts?`,
      'foreign/calls?',
    ])
      expect(await codeOf(`/v1/campaigns/${path}cursor=${nextCursor}`)).toEqual([400, 'validation-failed']);
  });

  it('a campaign that is not there, or another workspace’s', async () => {
    const stranger = await workspaceKey(server, 'other');
    for (const part of [
      'calls',
      'calls.csv',
      'calls.ndjson',
      'contacts',
      'contacts.csv',
      'contacts.ndjson',
      'calls/d-00',
    ]) {
      expect(await codeOf(`/v1/campaigns/nobody/${part}`)).toEqual([404, 'campaign-not-found']);
      expect(await codeOf(`/v1/campaigns/${DRILL}/${part}`, stranger)).toEqual([404, 'campaign-not-found']);
      expect((await codeOf(`/v1/campaigns/${DRILL}/${part}`, { authorization: '' }))[0]).toBe(401);
    }
  });
});

describe('a call', () => {
  it('is not found by an id that hides a number from who asks, so that nobody can try its digits', async () => {
    const to = '+919812345678';
    const at = new Date().toISOString();
    const event = { type: 'initiated', campaignId: 'hidden', to, at } as const;
    await sendEvents(server, [
      { ...event, callId: 'dial-919812345678' },
      { ...event, callId: 'plain' },
    ]);
    const viewer = await workspaceKey(server, 'default', { role: 'viewer' });
    const path = '/v1/campaigns/hidden/calls';
    expect((await server.get(`${path}/dial-919812345678`)).status).toBe(200);
    expect((await server.get(`${path}/plain`, viewer)).status).toBe(200);
    expect(await codeOf(`${path}/dial-919812345678`, viewer)).toEqual([404, 'call-not-found']);
  });

  it('is found by any of its ids, with its timeline and what came in', async () => {
    const form = { ...hangup('uuid-1', { requestUuid: 'request-1' }), CallUUID: 'uuid-1', RequestUUID: 'request-1' };
    expect((await server.callback('hangup', 'aliases', form)).status).toBe(200);
    const found = await Promise.all(
      ['uuid-1', 'request-1'].map(async (id) => (await server.get(`/v1/campaigns/aliases/calls/${id}`)).json()),
    );
    expect(found[0]).toEqual(found[1]);
    const call = CallDetail.parse(found[0]);
    expect(call).toEqual(found[0]);
    expect(call).toMatchObject({ callUUID: 'uuid-1', ids: { request: ['request-1'], call: ['uuid-1'] }, attempt: 1 });
    expect(call.events.map(({ type, seq, source }) => [type, seq, source])).toEqual([
      ['initiated', 1, 'callback'],
      ['answered', 1, 'callback'],
      ['ended', 1, 'callback'],
    ]);
    expect(call.events[2]).toMatchObject({ hangupCode: 4000, duration: 60, timing: 'exact' });
    const raw = call.deliveries[0]?.raw;
    expect(raw?.query).toContain('campId=aliases');
    expect(new URLSearchParams(raw?.body).get('CallUUID')).toBe('uuid-1');
    expect(await codeOf('/v1/campaigns/aliases/calls/nobody')).toEqual([404, 'call-not-found']);
  });
});
