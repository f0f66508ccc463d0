import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { Campaign, TimelineItem, UploadAnswer } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KEY, type TestServer, temporaryFolder, testServer } from '../testing/running-server.ts';
import { makeKey } from '../testing/workspace.ts';

const folder = temporaryFolder();
let server: TestServer;
beforeAll(async () => {
  server = await testServer({ RINGSIDE_DATA: folder.path, UPLOAD_MEGABYTES: '4' });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const dial = { callerIds: ['+918035735659'] };
const number = (n: number): string => `+9198765${String(n).padStart(5, '0')}`;

async function makeCampaign(id: string, more: object = {}): Promise<Response> {
  const body = { id, name: id, dialer: 'built-in', dial, answerXml: '<Response/>', defaultCountry: 'IN', ...more };
  return server.send('POST', '/v1/campaigns', body);
}

const upload = (id: string, body: string, query = '', headers: Record<string, string> = {}): Promise<Response> =>
  server.send('POST', `/v1/campaigns/${id}/contacts${query}`, body, { 'content-type': 'text/csv', ...headers });
const answerOf = async (response: Promise<Response>): Promise<UploadAnswer> => (await response).json();
const totalOf = async (id: string): Promise<number | null> =>
  ((await (await server.get(`/v1/campaigns/${id}`)).json()) as Campaign).totalCalls;

describe('an upload', () => {
  it('puts contacts on the list, and says of every other row why not', async () => {
    expect((await makeCampaign('list')).status).toBe(201);
    await server.send('POST', '/v1/do-not-call', { numbers: [number(99_999)], reason: 'asked' });
    const file = `number,id\n${number(1)},a\n${number(1)},b\n${number(2)},a\n${number(99_999)},c\n12,d\n98765 00004,e\n`;
    const expected = {
      accepted: 2,
      rejected: 4,
      reasons: { duplicate: 1, 'duplicate-id': 1, 'do-not-call': 1, 'invalid-number': 1 },
      columns: { number: 'number', id: 'contactId' },
    };
    const preview = await answerOf(upload('list', file, '?preview=1'));
    expect(preview).toMatchObject({ ...expected, totalCalls: 0 });
    expect(await totalOf('list')).toBeNull();
    const answer = await answerOf(upload('list', file));
    expect(answer).toMatchObject({ ...expected, totalCalls: 2 });
    expect(answer.rows).toEqual(preview.rows);
    expect(answer.rows.map(({ line, code }) => [line, code])).toEqual([
      [3, 'duplicate'],
      [4, 'duplicate-id'],
      [5, 'do-not-call'],
      [6, 'invalid-number'],
    ]);
    expect(await totalOf('list')).toBe(2);
    expect(await answerOf(upload('list', file))).toMatchObject({ accepted: 0, rejected: 6, totalCalls: 2 });
  });

  it('may be NDJSON or one JSON array', async () => {
    await makeCampaign('json');
    const rows = [{ phone: '9876511111', attributes: { city: 'Pune' } }, { phone: 9876511112 }];
    const json = upload('json', JSON.stringify(rows), '', { 'content-type': 'application/json; charset=utf-8' });
    expect(await answerOf(json)).toMatchObject({ accepted: 2, totalCalls: 2 });
    const lines = `{"phone":"9876511113"}\n{"phone":"9876511111"}\n`;
    const ndjson = upload('json', lines, '', { 'content-type': 'application/x-ndjson' });
    expect(await answerOf(ndjson)).toMatchObject({ accepted: 1, rejected: 1, totalCalls: 3 });
  });

  it('tells every rejected row as a line, where that is asked for, and leaves no file', async () => {
    await makeCampaign('lines');
    const file = `number\n${number(1)}\n${'x\n'.repeat(2_500)}`;
    const response = await upload('lines', file, '', { accept: 'application/x-ndjson' });
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(2_501);
    expect(lines[2_499]).toMatchObject({ line: 2_502, code: 'invalid-number', value: 'x' });
    expect(lines[2_500]).toMatchObject({ accepted: 1, rejected: 2_500, rows: [] });
    expect(readdirSync(folder.path).filter((name) => name.startsWith('rejected'))).toEqual([]);
    expect((await answerOf(upload('lines', file))).rows).toHaveLength(1_000);
  });

  it('hides numbers from a key that may not see them', async () => {
    await makeCampaign('masked');
    const { key } = await makeKey(server, { workspace: 'default', role: 'operator', scopes: ['operate', 'read'] });
    const headers = { authorization: `Bearer ${key}` };
    const file = `number\n${number(1)}\n${number(1)}\n987650000x\n`;
    const { rows } = await answerOf(upload('masked', file, '', headers));
    expect(rows.map(({ value }) => value)).toEqual(['+9198•••••001', expect.not.stringContaining('98765')]);
    const campaign = (await (await server.get('/v1/campaigns/masked', headers)).json()) as Campaign;
    expect(campaign.dial?.callerIds).toEqual(['+9180•••••659']);
  });

  it('of 20,500 rows is told to the campaign while it is read, and stands in its timeline once, with who uploaded', async () => {
    await makeCampaign('large');
    const row = (_: unknown, n: number): string => `${number(n)},${n % 2 ? 'Asia/Kolkata' : ''},Asha ${n}\n`;
    const rows = Array.from({ length: 20_500 }, row);
    const begun = `number,tz,name\n${rows.slice(0, 20_100).join('')}`;
    const isToldOf = async (): Promise<boolean> => (await totalOf('large')) === 20_000;
    const pause = () => vi.waitUntil(isToldOf, { timeout: 60_000, interval: 100 });
    const answer = await sendInPieces('large', [begun, rows.slice(20_100).join('')], pause);
    expect(answer).toMatchObject({ status: 200, answer: { accepted: 20_500, rejected: 0, totalCalls: 20_500 } });
    const timeline = (await (await server.get('/v1/campaigns/large/timeline')).json()) as { items: TimelineItem[] };
    expect(timeline.items.filter(({ kind }) => kind === 'changed')).toMatchObject([
      {
        actor: expect.any(String),
        changes: { totalCalls: 20_500, listZones: { '': 10_250, 'Asia/Kolkata': 10_250 } },
      },
    ]);
    const audit = await (await server.get('/v1/audit?action=contacts.uploaded&target=large')).json();
    expect(audit.items).toMatchObject([{ target: 'large', after: { accepted: 20_500, rejected: 0 } }]);
  }, 120_000);

  it('beside another one to the same campaign adds up', async () => {
    await makeCampaign('two');
    const file = (from: number): string =>
      `number\n${Array.from({ length: 3_000 }, (_, n) => `${number(from + n)}\n`).join('')}`;
    const [one, other] = await Promise.all([answerOf(upload('two', file(0))), answerOf(upload('two', file(2_000)))]);
    expect(one.accepted + other.accepted).toBe(5_000);
    expect(one.rejected + other.rejected).toBe(1_000);
    expect(await totalOf('two')).toBe(5_000);
  });
});

describe('an upload is refused', () => {
  beforeAll(async () => {
    await makeCampaign('here');
    await server.send('POST', '/v1/campaigns', { id: 'elsewhere', name: 'x' });
    await makeCampaign('over');
    const change = { type: 'campaign', campaignId: 'over', at: new Date().toISOString(), change: 'cancelled' };
    await server.send('POST', '/v1/events', { events: [change] });
  });
  const file = `number\n${number(1)}\n`;

  it.each([
    ['nowhere', file, '', 404, 'campaign-not-found'],
    ['elsewhere', file, '', 409, 'not-dialed-here'],
    ['over', file, '', 409, 'phase-conflict'],
    ['here', file, '?map=a', 400, 'validation-failed'],
    ['here', file, '?preview=2', 400, 'validation-failed'],
    ['here', 'name\nx\n', '', 400, 'malformed-body'],
    ['here', `number\n"${number(2)}\n`, '', 400, 'malformed-body'],
  ])('by %s with %j%s', async (id, body, query, status, code) => {
    const response = await upload(id, body, query);
    expect({ status: response.status, code: (await response.json()).code }).toEqual({ status, code });
  });

  it('for its type', async () => {
    const response = await upload('here', file, '', { 'content-type': 'application/vnd.ms-excel' });
    expect({ status: response.status, code: (await response.json()).code }).toEqual({
      status: 415,
      code: 'unsupported-media-type',
    });
  });

  it('where it is too large, said or not, and keeps what came before', async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => `${number(n)},${'x'.repeat(500)}\n`);
    const large = `number,note\n${rows.join('')}${rows.join('')}`;
    const said = await upload('here', large).catch(() => null);
    if (said) expect(said.status).toBe(413);
    expect(await totalOf('here')).toBe(0);
    const unsaid = await sendInPieces('here', [large.slice(0, 4_100_000), large.slice(4_100_000)]);
    expect(unsaid).toMatchObject({ status: 413, answer: { code: 'body-too-large' } });
    expect(await totalOf('here')).toBeGreaterThan(3_000);
  });
});

/**
 * Sends a body of unknown length, and hears the answer however early it comes.
 * @param between waits before the last piece; when it says `leave`, the connection is broken instead
 */
function sendInPieces(
  id: string,
  pieces: readonly string[],
  between: () => Promise<unknown> = async () => null,
): Promise<{ status: number; answer: unknown } | null> {
  return new Promise((resolve) => {
    const asking = httpRequest(
      `${server.url}/v1/campaigns/${id}/contacts`,
      { method: 'POST', headers: { authorization: `Bearer ${KEY}`, 'content-type': 'text/csv' } },
      async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, answer: JSON.parse(text) });
      },
    );
    asking.on('error', () => resolve(null));
    for (const piece of pieces.slice(0, -1)) asking.write(piece);
    void between().then((does) => (does === 'leave' ? asking.destroy() : asking.end(pieces.at(-1))));
  });
}

it('who goes away in the middle leaves a campaign that knows of what is stored', async () => {
  await makeCampaign('torn');
  const file = `number\n${Array.from({ length: 2_500 }, (_, n) => `${number(n)}\n`).join('')}`;
  const hasBegun = async (): Promise<boolean> =>
    (await answerOf(upload('torn', `number\n${number(0)}\n`, '?preview=1'))).rejected === 1;
  const leave = () => vi.waitUntil(hasBegun, { timeout: 20_000, interval: 50 }).then(() => 'leave');
  expect(await sendInPieces('torn', [file, ''], leave)).toBeNull();
  const isAudited = async (): Promise<boolean> => {
    const { items } = await (await server.get('/v1/audit?action=contacts.uploaded&target=torn')).json();
    return items.length === 1;
  };
  await vi.waitUntil(isAudited, { timeout: 20_000, interval: 50 });
  const missing = (await answerOf(upload('torn', file, '?preview=1'))).accepted;
  expect(await totalOf('torn')).toBe(2_500 - missing);
});

describe('a campaign that Ringside dials', () => {
  it.each([
    [{ dial: { callerIds: ['Acme'] } }, 'body/dial/callerIds/0'],
    [{ dial: { ...dial, account: 'nobody' } }, 'body/dial/account'],
  ])('is refused with %j', async (more, path) => {
    const response = await makeCampaign('refused', more);
    expect(response.status).toBe(400);
    expect((await response.json()).errors[0].path).toBe(path);
  });

  it('may be registered again as it is, with its caller ids in any spelling', async () => {
    expect((await makeCampaign('again', { dial: { callerIds: ['080 3573 5659', '+918035735659'] } })).status).toBe(201);
    const again = await makeCampaign('again');
    expect(again.status).toBe(200);
    expect(((await again.json()) as Campaign).dial?.callerIds).toEqual(['+918035735659']);
  });

  it('changes by what it may change', async () => {
    await makeCampaign('change');
    const patch = (body: object) => server.send('PATCH', '/v1/campaigns/change', body);
    expect((await patch({ pace: { callsPerSecond: 5 }, dial: { callerIds: ['080 3573 5660'] } })).status).toBe(200);
    expect((await patch({ totalCalls: 5 })).status).toBe(400);
    expect((await patch({ dial: { callerIds: ['x'] } })).status).toBe(400);
    await server.send('POST', '/v1/campaigns', { id: 'theirs', name: 'x' });
    expect((await server.send('PATCH', '/v1/campaigns/theirs', { dial })).status).toBe(409);
  });

  it('changes its account only while none of its calls can be live', async () => {
    const made = await server.send('POST', '/v1/provider-accounts', { authId: 'MAOTHER', token: 'other-token' });
    const { id: account } = (await made.json()) as { id: string };
    await makeCampaign('moving');
    const move = () => server.send('PATCH', '/v1/campaigns/moving', { dial: { ...dial, account } });
    const command = (name: string) => server.send('POST', `/v1/campaigns/moving/${name}`, {});
    expect((await command('start')).status).toBe(200);
    const refused = await move();
    expect([refused.status, (await refused.json()).code]).toEqual([409, 'phase-conflict']);
    await command('pause');
    expect((await move()).status).toBe(200);
  });
});

describe('numbers not to call', () => {
  it('are added, listed by pages, and taken off again', async () => {
    const numbers = ['+14155550100', '+1 415 555 0101', '14155550102', '12', '+14155550100'];
    const added = await (await server.send('POST', '/v1/do-not-call', { numbers, reason: 'call +14155550199' })).json();
    expect(added).toMatchObject({ added: 3, known: 1, rejected: 1, rows: [{ line: 4, code: 'invalid-number' }] });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = await (await server.get(`/v1/do-not-call?limit=2${query}`)).json();
      seen.push(...page.items.map((item: { number: string }) => item.number));
      expect(query).not.toContain('1415');
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(expect.arrayContaining(['+14155550100', '+14155550101', '+14155550102']));
    expect(new Set(seen).size).toBe(seen.length);
    const remove = (body: object) => server.send('POST', '/v1/do-not-call/remove', body);
    expect((await remove({ number: '+1 (415) 555-0101' })).status).toBe(204);
    expect((await remove({ number: '+14155550101' })).status).toBe(404);
    expect((await server.get('/v1/do-not-call?cursor=abc')).status).toBe(400);
  });

  it('come as a file too, with their reason', async () => {
    const response = await server.send(
      'POST',
      '/v1/do-not-call?reason=asked',
      'phone\n+14155550110\n+14155550111\nx\n',
      {
        'content-type': 'text/csv',
      },
    );
    expect(await response.json()).toMatchObject({ added: 2, known: 0, rejected: 1, columns: { phone: 'number' } });
    const { items } = await (await server.get('/v1/do-not-call?limit=500')).json();
    expect(items).toContainEqual(expect.objectContaining({ number: '+14155550110', reason: 'asked' }));
  });

  it('are neither in the audit log nor shown to those who may not see numbers', async () => {
    const audit = await (await server.get('/v1/audit?action=do-not-call')).text();
    expect(audit).toContain('do-not-call.added');
    expect(audit).toContain('do-not-call.removed');
    expect(audit).not.toMatch(/4155550|98765/);
    const { key } = await makeKey(server, { workspace: 'default', role: 'viewer' });
    const shown = await (await server.get('/v1/do-not-call', { authorization: `Bearer ${key}` })).text();
    expect(shown).toContain('+1415••••100');
    expect(shown).not.toMatch(/41555501/);
  });
});
