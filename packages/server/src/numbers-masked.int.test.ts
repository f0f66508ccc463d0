import type { ApiKeyMade, CallEventInput, ShareLinkMade } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveReader } from './testing/live-reader.ts';
import { hangup, KEY, sendCallback, temporaryFolder } from './testing/running-server.ts';
import { type ServerProcess, startProcess } from './testing/server-process.ts';

const CAMPAIGN = 'canaries';
const ADMIN = { authorization: `Bearer ${KEY}` };

/**
 * Numbers of people by where they stand, each its own, so that a find tells where it came from. They are written as
 * people write them; what counts is their last seven digits, of which a mask shows three.
 */
const canaries = {
  dialed: '+919842717101',
  'caller id': '+918042717202',
  'own number in ids': '+919842717303',
  'local number': '98427 17404',
  'text attribute': '+44 20 7942 7505',
  'numeric attribute': '9842717606',
  'reason of a lead': '98427-17707',
  'summary of a lead': '(984) 271-7808',
  'hangup cause': '919842717909',
  'hangup source': '+919842718101',
  'pressed digits': '9842718202',
  'reason of a note': '+91 98427 18303',
  'attribute of the campaign': '+919842718404',
  'numeric attribute of the campaign': '9842718505',
  'answer document': '+919842718606',
  'reason of a pause': '+919842718707',
  'actor of a pause': '9842718808',
  'reason of a verdict': '+91 98427 18909',
  'dialed by the provider': '+919842719101',
  'cause of the provider': '919842719202',
} as const;
type Canary = keyof typeof canaries;

const digitsOf = (text: string): string => text.replace(/\D/g, '');
const needles = Object.entries(canaries).map(([name, number]) => [name, digitsOf(number).slice(-7)] as const);

/** Which canaries can be read in a text, however they are written. */
function readIn(text: string): string[] {
  const plain = text.replace(/(?<=\d)[\s().-]{1,2}(?=\d)/g, '');
  return needles.filter(([, needle]) => text.includes(needle) || plain.includes(needle)).map(([name]) => name);
}

function unmasked(answers: readonly (readonly [where: string, text: string])[]): string[] {
  return answers.flatMap(([where, text]) => readIn(text).map((name) => `${name} in ${where}`));
}

const own = digitsOf(canaries['own number in ids']);
const now = Date.now();
const at = (seconds: number): string => new Date(now - 600_000 + seconds * 1000).toISOString();

function callEvents(callId: string, to: string): CallEventInput[] {
  const about = { campaignId: CAMPAIGN, callId, to, from: canaries['caller id'] };
  const ended = {
    hangupCause: `REJECTED BY ${canaries['hangup cause']}`,
    hangupSource: `line ${canaries['hangup source']}`,
    digits: canaries['pressed digits'],
    recordingUrl: `https://recordings.example/${digitsOf(to)}/${digitsOf(canaries['caller id'])}.mp3`,
  };
  const told = { reason: `wants ${canaries['reason of a lead']}`, summary: `or ${canaries['summary of a lead']}` };
  const attributes = { phone: canaries['text attribute'], second: Number(canaries['numeric attribute']) };
  return [
    { type: 'initiated', ...about, at: at(0), contactId: `crm-${digitsOf(to)}`, attributes },
    { type: 'answered', ...about, at: at(5), answeredBy: 'human' },
    { type: 'ended', ...about, at: at(60), status: 'completed', duration: 55, ...ended },
    { type: 'lead', ...about, at: at(61), leadStatus: 'hot', source: 'bot', ...told },
    { type: 'note', ...about, at: at(62), reason: canaries['reason of a note'] },
  ];
}

const folder = temporaryFolder();
let server: ServerProcess;
let viewer: Record<string, string>;
/** Operates, but was not given the right to see numbers. */
let narrowed: Record<string, string>;

beforeAll(async () => {
  server = await startProcess(folder.path, { LOG_LEVEL: 'trace' });
  viewer = await keyOf({ role: 'viewer' });
  narrowed = await keyOf({ role: 'admin', scopes: ['read', 'operate', 'ingest', 'administer'] });
  await play();
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  folder.remove();
});

async function ask(
  path: string,
  headers: Record<string, string>,
  body?: unknown,
  method = body === undefined ? 'GET' : 'POST',
): Promise<Response> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(server.url + path, { method, headers: { ...json, ...headers }, ...content });
}

async function keyOf(key: object): Promise<Record<string, string>> {
  const made = (await (await ask('/v1/keys', ADMIN, { name: 'Test', ...key })).json()) as ApiKeyMade;
  return { authorization: `Bearer ${made.key}` };
}

async function send(events: readonly unknown[]): Promise<void> {
  const response = await ask('/v1/events', ADMIN, { events });
  const { results } = (await response.json()) as { results: { result: string }[] };
  expect(results.filter(({ result }) => result !== 'accepted')).toEqual([]);
}

async function play(): Promise<void> {
  const attributes = {
    office: canaries['attribute of the campaign'],
    desk: Number(canaries['numeric attribute of the campaign']),
  };
  const answerXml = `<Response><Dial><Number>${canaries['answer document']}</Number></Dial></Response>`;
  const campaign = { id: CAMPAIGN, name: 'Canaries', defaultCountry: 'IN', attributes, answerXml };
  expect((await ask('/v1/campaigns', ADMIN, campaign)).status).toBe(201);
  await ask(`/v1/campaigns/${CAMPAIGN}`, ADMIN, { attributes, totalCalls: 50 }, 'PATCH');
  const pause = { reason: `ask ${canaries['reason of a pause']}`, actor: `pbx ${canaries['actor of a pause']}` };
  await send([
    ...callEvents('plain', canaries.dialed),
    ...callEvents(`call-${own}`, canaries['own number in ids']),
    ...callEvents('local', canaries['local number']),
    { type: 'campaign', campaignId: CAMPAIGN, at: at(100), change: 'paused', ...pause },
  ]);
  const form = {
    ...hangup('from-plivo', { to: canaries['dialed by the provider'] }),
    HangupCauseName: `Busy ${canaries['cause of the provider']}`,
    HangupCauseCode: '',
  };
  expect((await sendCallback(server.url, 'hangup', CAMPAIGN, form)).status).toBe(200);
  const verdict = { leadStatus: 'warm', reason: `speak to ${canaries['reason of a verdict']}` };
  expect((await ask(`/v1/campaigns/${CAMPAIGN}/calls/local/lead`, ADMIN, verdict)).status).toBe(200);
  expect((await ask(`/v1/campaigns/${CAMPAIGN}/calls/call-${own}/lead`, ADMIN, verdict)).status).toBe(200);
}

const campaignPaths = [
  ...['', '/report', '/report?recent=100', `/report?asOf=${at(300)}`, '/timeline', '/calls?limit=500', '/contacts'],
  ...['/calls/plain', `/calls/call-${own}`, '/calls/local', '/calls/from-plivo'],
  ...['/calls.csv', '/calls.ndjson', '/contacts.csv', '/contacts.ndjson'],
].map((path) => `/v1/campaigns/${CAMPAIGN}${path}`);
const paths = [...campaignPaths, '/v1/campaigns', '/v1/overview', '/v1/settings', '/v1/intake', '/v1/session'];

async function answersFor(headers: Record<string, string>): Promise<[where: string, text: string][]> {
  const answers: [string, string][] = [];
  for (const path of paths) {
    const response = await ask(path, headers);
    // An id that hides a number is none by which who may not see numbers finds a call: they could try all digits.
    const isHidden = headers !== ADMIN && path.endsWith(`/call-${own}`);
    expect(response.status, path).toBe(isHidden ? 404 : 200);
    if (isHidden) continue;
    answers.push([path, await response.text()]);
  }
  const byPost = await ask('/plivo/current-campaign-report', headers, { campaignId: CAMPAIGN });
  answers.push(['/plivo/current-campaign-report', await byPost.text()]);
  return answers;
}

/** Rules under which a score has the pressed digits among its reasons. */
async function preview(headers: Record<string, string>): Promise<string> {
  const { leadRules } = (await (await ask('/v1/settings', headers)).json()) as { leadRules: object };
  return (await ask('/v1/settings/lead-rules/preview', headers, { leadRules: { ...leadRules, anyDigits: 90 } })).text();
}

/** Follows campaign and overview until a call that ends meanwhile has been told. */
async function followed(headers: Record<string, string>, callId: string): Promise<[where: string, text: string][]> {
  const socket = new LiveReader(server.url, headers);
  await socket.say({ type: 'subscribe', campaignId: CAMPAIGN });
  await socket.say({ type: 'subscribe', overview: true });
  await socket.until(({ type }) => type === 'snapshot');
  const stream = (await ask(`/v1/campaigns/${CAMPAIGN}/live`, headers)).body?.getReader();
  let events = '';
  const readUntil = async (wanted: string): Promise<void> => {
    while (!events.includes(wanted)) events += new TextDecoder().decode((await stream?.read())?.value);
  };
  await readUntil('event: snapshot');
  await send(callEvents(callId, canaries.dialed));
  await socket.until((message) => message.type === 'calls' && message.calls.some((call) => call.callUUID === callId));
  await readUntil('event: calls');
  socket.close();
  await stream?.cancel();
  return [
    ['WebSocket', JSON.stringify(socket.messages)],
    ['SSE', events],
  ];
}

describe('phone numbers', () => {
  it('are shown whole to who may see them, so that the canaries are where they are searched', async () => {
    const seen = readIn(JSON.stringify(await answersFor(ADMIN)));
    // What a note says is kept, and shown to nobody.
    expect(Object.keys(canaries).filter((name) => !seen.includes(name))).toEqual(['reason of a note']);
    expect(readIn(JSON.stringify(await followed(ADMIN, 'live-full')))).toEqual(
      expect.arrayContaining<Canary>(['dialed', 'hangup cause']),
    );
  });

  it('are masked in every answer, file and live message for a viewer, and for an operator without that right', async () => {
    for (const headers of [viewer, narrowed]) {
      expect(unmasked(await answersFor(headers))).toEqual([]);
      expect(unmasked([['preview', await preview(headers)]])).toEqual([]);
    }
    expect(unmasked(await followed(viewer, 'live-viewer'))).toEqual([]);
    expect(unmasked(await followed(narrowed, 'live-narrowed'))).toEqual([]);
  });

  it('are masked where a right to change shows what was changed', async () => {
    const verdict = { leadStatus: 'cold', reason: `call ${canaries['reason of a verdict']}` };
    const judged = await ask(`/v1/campaigns/${CAMPAIGN}/calls/plain/lead`, narrowed, verdict);
    const changed = await ask(`/v1/campaigns/${CAMPAIGN}`, narrowed, { totalCalls: 60 }, 'PATCH');
    const same = { id: 'again', name: 'Again', attributes: { desk: canaries['attribute of the campaign'] } };
    await ask('/v1/campaigns', ADMIN, same);
    const adopted = await ask('/v1/campaigns', narrowed, same);
    expect([judged.status, changed.status, adopted.status]).toEqual([200, 200, 200]);
    const texts = await Promise.all(
      [judged, changed, adopted].map(async (response, n) => [`${n}`, await response.text()]),
    );
    expect(unmasked(texts as [string, string][])).toEqual([]);
  });

  it('are masked behind share links', async () => {
    for (const [body, sees] of [
      [{ campaignId: CAMPAIGN }, ['', '/report', '/report?recent=100']],
      [{}, null],
    ] as const) {
      const link = (await (await ask('/v1/share-links', ADMIN, body)).json()) as ShareLinkMade;
      const secret = new URL(link.url).hash.slice(1);
      const opened = await ask(`/s/${link.id}/session`, {}, { secret });
      const cookie = { cookie: opened.headers.get('set-cookie')?.split(';', 1)[0] ?? '' };
      const paths = sees ? sees.map((path) => `/v1/campaigns/${CAMPAIGN}${path}`) : ['/v1/overview', '/v1/campaigns'];
      for (const path of paths) {
        const response = await ask(`/s/${link.id}${path}`, cookie);
        expect(response.status, path).toBe(200);
        expect(unmasked([[path, await response.text()]])).toEqual([]);
      }
    }
  });

  it('cannot be found out by searching or sorting', async () => {
    const list = `/v1/campaigns/${CAMPAIGN}/calls`;
    for (const query of ['number=9842717101', 'number=984', 'sort=number', 'q=9842717101', 'cursor=9842717101']) {
      for (const path of [list, `${list}.csv`]) {
        const response = await ask(`${path}?${query}`, viewer);
        expect([400, 403], path).toContain(response.status);
        expect(unmasked([[query, await response.text()]])).toEqual([]);
      }
    }
  });

  it('cannot be found out by rules about digits that somebody may have pressed', async () => {
    const { leadRules } = (await (await ask('/v1/settings', viewer)).json()) as { leadRules: object };
    const guess = { leadRules: { ...leadRules, digits: { '9842717101': 77 } } };
    expect((await ask('/v1/settings/lead-rules/preview', viewer, guess)).status).toBe(403);
    expect((await ask('/v1/settings/lead-rules/preview', ADMIN, guess)).status).toBe(200);
  });

  it('are not repeated by errors', async () => {
    const number = canaries.dialed;
    const conflict = { id: CAMPAIGN, name: number, attributes: { a: number } };
    const answers = [
      await ask('/v1/campaigns', ADMIN, conflict),
      await ask('/v1/campaigns', ADMIN, { id: number, name: number }),
      await ask('/v1/campaigns', ADMIN, { id: 'x', name: 'x', defaultCountry: number, attributes: [number] }),
      await ask('/v1/events', ADMIN, {
        events: [{ type: 'ended', campaignId: 'x', callId: 'y', at: number, to: number }],
      }),
      await ask(`/v1/campaigns/${CAMPAIGN}/calls/plain/lead`, ADMIN, { leadStatus: number, reason: number }),
      await ask('/v1/keys', ADMIN, { name: number, role: number }),
      await ask('/plivo/ring-url?campId=x', { 'x-plivo-signature-v3': number }, { To: number }),
    ];
    const texts = await Promise.all(
      answers.map(async (response, n) => [`answer ${n}`, await response.text()] as const),
    );
    expect(texts.filter(([, text]) => text.includes('"code"'))).toHaveLength(answers.length);
    expect(unmasked(texts)).toEqual([]);
  });

  it('stand neither in the audit log nor in its files', async () => {
    const pages = ['/v1/audit?limit=500', '/v1/audit.csv', '/v1/audit.ndjson'];
    const answers = await Promise.all(
      pages.map(async (path) => [path, await (await ask(path, ADMIN)).text()] as const),
    );
    for (const [path, text] of answers) {
      for (const action of ['campaign.registered', 'campaign.changed', 'lead.judged', 'numbers.seen'])
        expect(text, path).toContain(action);
    }
    expect(unmasked(answers)).toEqual([]);
  });

  it('stand nowhere in a log at level trace, wherever somebody puts them', async () => {
    for (const number of Object.values(canaries).map(encodeURIComponent)) {
      for (const path of [
        `/v1/${number}`,
        `/v1/campaigns/${number}/report`,
        `/v1/campaigns/${CAMPAIGN}/calls/${number}`,
      ])
        await ask(path, ADMIN);
      await ask(`/v1/campaigns?${number}=${number}`, ADMIN);
      await ask(`/plivo/ring-url?campId=x&To=${number}`, {}, { To: number });
    }
    expect(server.log()).toContain('"code":"call-not-found"');
    expect(unmasked([['log', server.log()]])).toEqual([]);
  });
});
