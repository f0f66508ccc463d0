import { Call, type CallDetail, type CallList } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { second, sendEvents } from '../testing/drill-campaign.ts';
import { hangup, type TestServer, temporaryFolder, testServer } from '../testing/running-server.ts';
import { keyHeaders } from '../testing/viewer.ts';

const NUMBER = '+919812345678';
const folder = temporaryFolder();
let server: TestServer;
beforeAll(async () => {
  server = await testServer({ RINGSIDE_DATA: folder.path });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

async function judge(call: string, body: unknown, headers?: Record<string, string>): Promise<Response> {
  return server.send('POST', `/v1/campaigns/leads/calls/${call}/lead`, body, headers);
}

async function talk(callId: string): Promise<void> {
  const about = { campaignId: 'leads', callId, to: NUMBER };
  await sendEvents(server, [
    { type: 'answered', ...about, at: second(5), answeredBy: 'human' },
    { type: 'ended', ...about, at: second(8), status: 'completed', duration: 3, hangupCode: 4000 },
  ]);
}

describe('a person’s verdict', () => {
  it('beats the rules and a later word of a bot, and shows in the call, the list and the report', async () => {
    await talk('l-1');
    const before = await server.report('leads');
    expect(before.leads.hot).toBe(0);
    const verdict = { leadStatus: 'hot', leadScore: 91, reason: 'asked for a callback', summary: 'call on Friday' };
    const answered = await judge('l-1', verdict);
    expect(answered.status).toBe(200);
    const call = Call.parse(await answered.json());
    expect(call).toMatchObject({ leadStatus: 'hot', leadScore: 91, leadReason: 'asked for a callback' });
    expect(call.ids, 'the verdict is no new name of the call').toEqual({
      attempt: [],
      request: [],
      call: [],
      external: ['l-1'],
    });
    const bot = { type: 'lead', campaignId: 'leads', callId: 'l-1', leadStatus: 'cold', source: 'bot' } as const;
    await sendEvents(server, [{ ...bot, at: new Date(Date.now() + 60_000).toISOString() }]);
    const report = await server.report('leads');
    expect(report.leads.hot).toBe(1);
    expect(report.callMetrics.leadConversionRate).toBe(100);
    expect(report.recentActivity[0]?.leadStatus).toBe('hot');
    const hot = (await (await server.get('/v1/campaigns/leads/calls?lead=hot')).json()) as CallList;
    expect(hot.items.map((item) => item.callUUID)).toEqual(['l-1']);
    const detail = (await (await server.get('/v1/campaigns/leads/calls/l-1')).json()) as CallDetail;
    const said = detail.events.filter((event) => event.type === 'lead');
    expect(said[0]).toMatchObject({ by: 'person', source: 'api', timing: 'exact', summary: 'call on Friday' });
  });

  it('is replaced by the next one, however quickly it comes, and by any id of the call', async () => {
    await talk('l-2');
    const request = { ...hangup('l-3'), CallUUID: 'l-3', RequestUUID: 'r-3' };
    await server.callback('hangup', 'leads', request);
    for (const id of ['l-2', 'r-3']) {
      for (const leadStatus of ['warm', 'cold', 'hot', 'warm']) {
        expect(await (await judge(id, { leadStatus })).json()).toMatchObject({ leadStatus, leadReason: null });
      }
    }
    const { ids } = (await (await server.get('/v1/campaigns/leads/calls/l-3')).json()) as Call;
    expect(ids).toEqual({ attempt: [], request: ['r-3'], call: ['l-3'], external: [] });
  });

  it('also beats one that was said by a clock ahead of ours', async () => {
    await talk('l-4');
    const person = { type: 'lead', campaignId: 'leads', callId: 'l-4', leadStatus: 'cold', source: 'person' } as const;
    await sendEvents(server, [{ ...person, at: new Date(Date.now() + 200_000).toISOString() }]);
    expect(await (await judge('l-4', { leadStatus: 'hot' })).json()).toMatchObject({ leadStatus: 'hot' });
  });

  it('needs a known call, the permission, and a verdict', async () => {
    await talk('l-5');
    const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];
    expect(await codeOf(await judge('nobody', { leadStatus: 'hot' }))).toEqual([404, 'call-not-found']);
    expect(await codeOf(await judge('l-5', { leadStatus: 'no-answer' }))).toEqual([400, 'validation-failed']);
    expect(await codeOf(await judge('l-5', { leadStatus: 'hot', by: 'bot' }))).toEqual([400, 'validation-failed']);
    const viewer = keyHeaders(folder.path);
    expect(await codeOf(await judge('l-5', { leadStatus: 'hot' }, viewer))).toEqual([403, 'forbidden']);
    const elsewhere = await server.send('POST', '/v1/campaigns/none/calls/l-5/lead', { leadStatus: 'hot' });
    expect(await codeOf(elsewhere)).toEqual([404, 'campaign-not-found']);
  });
});

describe('a reader who may not see numbers', () => {
  const CANARY = '9812345678';
  const spellings = ['98123 45678', '98123-45678', CANARY];
  const shows = (text: string): string[] => spellings.filter((spelling) => text.includes(spelling));
  let viewer: { authorization: string };

  beforeAll(async () => {
    viewer = keyHeaders(folder.path);
    const form = { ...hangup('canary-uuid', { to: NUMBER, from: NUMBER }), Digits: CANARY };
    await server.callback('hangup', 'canary', form);
    const note = `ring ${NUMBER} or 98123 45678`;
    const attributes = { phone: '98123-45678', other: Number(CANARY), note, city: 'Pune' };
    const about = { campaignId: 'canary', callId: `call-${CANARY}`, to: '+91 98123 45678', contactId: CANARY };
    await sendEvents(server, [
      {
        type: 'ended',
        ...about,
        at: second(9),
        status: 'completed',
        duration: 5,
        digits: CANARY,
        hangupSource: NUMBER,
        recordingUrl: `https://example.com/${CANARY}.mp3`,
        attributes,
      },
      { type: 'lead', ...about, at: second(10), leadStatus: 'hot', reason: `call ${CANARY}`, summary: NUMBER },
      { type: 'initiated', campaignId: 'canary', callId: 'second', at: second(0), to: NUMBER },
      { type: 'ended', ...about, callId: 'plain', at: second(8), status: 'completed', duration: 5, attributes },
    ]);
  });

  const paths = [
    'calls?limit=1',
    'calls/canary-uuid',
    'calls/plain',
    'calls.csv',
    'calls.ndjson',
    'contacts?limit=1',
    'contacts.csv',
    'contacts.ndjson',
    'report',
  ];

  it.each(paths)('finds none in %s, where others do', async (path) => {
    const full = await (await server.get(`/v1/campaigns/canary/${path}`)).text();
    expect(shows(full)).not.toEqual([]);
    const response = await server.get(`/v1/campaigns/canary/${path}`, viewer);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(shows(text)).toEqual([]);
    expect(text).toContain('+9198•••••678');
    const cursor = (/"nextCursor":"([^"]+)"/.exec(text) ?? [])[1];
    expect(shows(Buffer.from(cursor ?? '', 'base64url').toString('latin1'))).toEqual([]);
  });

  it('is shown the other facts, but nothing raw', async () => {
    const read = async (headers?: Record<string, string>): Promise<CallDetail> =>
      (await server.get('/v1/campaigns/canary/calls/plain', headers)).json() as Promise<CallDetail>;
    const [full, masked] = [await read(), await read(viewer)];
    expect(masked).toMatchObject({ attributes: { city: 'Pune' }, duration: 5, endTime: full.endTime });
    expect(masked.events.map(({ at, type }) => [at, type])).toEqual(full.events.map(({ at, type }) => [at, type]));
    const raw = (await (await server.get('/v1/campaigns/canary/calls/canary-uuid')).json()) as CallDetail;
    expect(raw.deliveries[0]?.raw?.body).toContain(CANARY);
    const hidden = (await (await server.get('/v1/campaigns/canary/calls/canary-uuid', viewer)).json()) as CallDetail;
    expect(hidden.deliveries[0]).not.toHaveProperty('raw');
  });

  it('may not ask which numbers hold which digits', async () => {
    for (const list of ['calls', 'calls.csv']) {
      expect((await server.get(`/v1/campaigns/canary/${list}?number=12345`)).status).toBe(200);
      expect((await server.get(`/v1/campaigns/canary/${list}?number=12345`, viewer)).status).toBe(403);
    }
  });
});
