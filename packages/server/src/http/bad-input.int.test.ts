import { Problem } from '@ringside/protocol';
import { callbackRequest } from '@ringside/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusesHostileCursors } from '../testing/hostile-cursors.ts';
import {
  AUTH_ID,
  AUTH_TOKEN,
  hangup,
  KEY,
  sendCallback,
  type TestServer,
  testServer,
} from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** A refusal is a problem document with a code, whatever was wrong. */
async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = await response.text();
  for (const secret of [KEY, AUTH_TOKEN, 'node_modules', '.ts:']) expect(body).not.toContain(secret);
  const problem = Problem.parse(JSON.parse(body));
  expect(problem.status).toBe(response.status);
  return problem;
}

describe('cursors', () => {
  it('that no list gave out are refused by every list', async () => {
    await server.callback('hangup', 'c', hangup('cursor'));
    expect(await refusesHostileCursors(server)).toBeGreaterThan(100);
  });
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('an instant that nobody could write back', () => {
  const GARBAGE = ['9999-12-31T23:59:59-12:00', '0000-01-01T00:00:00+12:00', '2026-02-30T00:00:00Z', 'soon', ''];

  it.each(GARBAGE)('such as “%s” is refused wherever it comes in, and no list is broken by it', async (at) => {
    const built = { dialer: 'built-in', dial: { callerIds: ['+918035735659'] }, answerXml: '<Response/>' };
    await server.send('POST', '/v1/campaigns', { id: 'timed', name: 'Timed', ...built });
    const sent: readonly (readonly [string, string, object])[] = [
      ['POST', '/v1/campaigns', { id: 'started', name: 'x', startedAt: at }],
      ['POST', '/v1/campaigns', { id: 'ending', name: 'x', ...built, deadline: at }],
      ['PATCH', '/v1/campaigns/timed', { deadline: at }],
      ['POST', '/v1/campaigns/timed/start', { at }],
      ['POST', '/v1/campaigns/timed/pause', { until: at }],
      ['POST', '/v1/campaigns/timed/pause?preview=1', { until: at }],
    ];
    for (const [method, path, body] of sent) {
      const response = await server.send(method, path, body);
      expect([path, (await problemOf(response)).code]).toEqual([path, 'validation-failed']);
    }
    const event = { type: 'initiated', campaignId: 'timed', callId: 'x', at, to: '+919876543210' };
    const { results } = await (await server.send('POST', '/v1/events', { events: [event] })).json();
    expect(results).toMatchObject([{ code: 'validation-failed' }]);
    expect((await server.get(`/v1/campaigns/timed/report?asOf=${encodeURIComponent(at)}`)).status).toBe(400);
    for (const path of ['/v1/campaigns', '/v1/overview', '/v1/campaigns/timed', '/v1/campaigns/timed/timeline'])
      expect([path, (await server.get(path)).status]).toEqual([path, 200]);
  });
});

describe('callbacks', () => {
  it('are refused without a signature, and leave nothing behind', async () => {
    const response = await server.send('POST', '/plivo/hangup-url?campId=forged', 'CallUUID=1&Event=Hangup', FORM);
    expect((await problemOf(response)).code).toBe('signature-invalid');
    expect(response.status).toBe(403);
    expect((await server.get('/v1/campaigns/forged/report')).status).toBe(404);
  });

  it('are refused with a wrong signature, counted, and shown with the URL that was computed', async () => {
    const before = (await (await server.get('/v1/intake')).json()) as { refused: number };
    const headers = { ...FORM, 'x-plivo-signature-v3': `${'A'.repeat(43)}=`, 'x-plivo-signature-v3-nonce': '1' };
    const response = await server.send('POST', '/plivo/hangup-url?campId=forged', 'CallUUID=1', headers);
    expect((await problemOf(response)).code).toBe('signature-invalid');
    const after = (await (await server.get('/v1/intake')).json()) as { refused: number; lastRefusal: { url: string } };
    expect(after.refused).toBe(before.refused + 1);
    expect(after.lastRefusal.url).toBe(`${server.url}/plivo/hangup-url`);
  });

  it('are refused with 413 above 64 KiB and with 415 in another format', async () => {
    const large = await server.send('POST', '/plivo/hangup-url?campId=c', `a=${'x'.repeat(65_600)}`, FORM);
    expect([large.status, (await problemOf(large)).code]).toEqual([413, 'body-too-large']);
    const json = await server.send('POST', '/plivo/hangup-url?campId=c', {});
    expect([json.status, (await problemOf(json)).code]).toEqual([415, 'unsupported-media-type']);
  });

  it.each(['POST', 'GET'] as const)('are accepted by %s when they are signed', async (method) => {
    const response = await sendCallback(server.url, 'hangup', `signed-${method}`, hangup(`u-${method}`), method);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/plain',
      'ok',
    ]);
    expect((await server.report(`signed-${method}`)).progress.attempts).toBe(1);
  });

  it('are kept when they are signed but odd', async () => {
    const form = {
      ...hangup('odd-1'),
      HangupCauseCode: '3999',
      AnswerTime: '',
      Duration: '0',
      EndTime: '',
      Surprise: '<b>',
    };
    expect((await server.callback('hangup', 'odd', form)).status).toBe(200);
    const report = await server.report('odd');
    expect(report.callMetrics.outcomes['no-answer']).toBe(1);
    expect(report.callMetrics.hangupCauses).toEqual([{ code: 3999, name: 'Unknown code 3999', count: 1 }]);
    expect(report.progress).toMatchObject({ totalKnown: false, completionPercentage: null });
  });

  it('wait in the bin when they name no campaign, and join it when it becomes known', async () => {
    const { Event: _e, ...rest } = hangup('late-campaign');
    const nameless = { ...rest, Event: 'Ring', CallStatus: 'ringing' };
    for (const name of ['EndTime', 'HangupCause', 'HangupCauseCode']) delete (nameless as Record<string, string>)[name];
    const url = await server.callback('ring', '', nameless);
    expect(url.status).toBe(200);
    expect(((await (await server.get('/v1/intake')).json()) as { unassigned: number }).unassigned).toBeGreaterThan(0);
    await server.callback('hangup', 'found-later', hangup('late-campaign'));
    expect((await server.report('found-later')).version).toBe(2);
  });

  it('never make a campaign of inbound or test calls', async () => {
    await server.callback('hangup', 'inbound-x', { ...hangup('in-1'), Direction: 'inbound' });
    expect((await server.get('/v1/campaigns/inbound-x')).status).toBe(404);
    await server.callback('hangup', 'testcall', hangup('t-1'));
    expect((await server.get('/v1/campaigns/testcall')).status).toBe(404);
  });

  it('say which setting is missing when no token is configured', async () => {
    const bare = await testServer({ PLIVO_AUTH_TOKEN: '' });
    const response = await bare.callback('hangup', 'c', hangup('u'));
    const problem = await problemOf(response);
    expect([response.status, problem.code]).toEqual([503, 'plivo-token-missing']);
    expect(problem.detail).toContain('PLIVO_AUTH_TOKEN');
    await bare.stop();
  });
});

describe('the answer URL', () => {
  const answer = () => ({ ...hangup(`a-${Math.random()}`), Event: 'StartApp', CallStatus: 'in-progress' });

  it('redirects to a signed next, serves the campaign’s XML, else hangs up and shows a blocker', async () => {
    const next = encodeURIComponent('https://host.example/answer?a=1&b=2');
    const account = { base: server.url, authId: AUTH_ID, authTokens: [AUTH_TOKEN], method: 'POST' } as const;
    const target = `${server.url}/plivo/answer-url?campId=next&next=${next}`;
    const { headers, body } = callbackRequest(account, target, answer(), 'n1');
    const redirect = await fetch(target, { method: 'POST', headers: { ...headers }, body });
    expect(await redirect.text()).toContain('<Redirect>https://host.example/answer?a=1&amp;b=2</Redirect>');
    await server.send('POST', '/v1/campaigns', {
      id: 'xml',
      name: 'n',
      answerXml: '<Response><Speak>Hi</Speak></Response>',
    });
    const spoken = await server.callback('answer', 'xml', answer());
    expect(spoken.headers.get('content-type')).toContain('application/xml');
    expect(await spoken.text()).toBe('<Response><Speak>Hi</Speak></Response>');
    await server.callback('answer', 'no-xml', answer());
    await expect.poll(async () => (await server.report('no-xml')).blockers?.[0]?.code).toBe('answer-xml-missing');
  });
});

describe('JSON routes', () => {
  it.each([
    ['malformed JSON', '{', 400, 'malformed-body'],
    ['an unknown field', { id: 'c', name: 'n', colour: 'red' }, 400, 'validation-failed'],
    ['a bad id', { id: 'a b', name: 'n' }, 400, 'validation-failed'],
    ['a poisoned prototype', '{"id":"c","name":"n","__proto__":{"x":1}}', 400, 'malformed-body'],
    ['too much', { id: 'c', name: 'n', answerXml: 'x'.repeat(300_000) }, 413, 'body-too-large'],
    ['an unknown time zone', { id: 'c', name: 'n', timezone: 'Mars/Base' }, 400, 'validation-failed'],
  ])('refuse %s', async (_what, body, status, code) => {
    const response = await server.send('POST', '/v1/campaigns', body);
    expect([response.status, (await problemOf(response)).code]).toEqual([status, code]);
  });

  it('refuse another content type', async () => {
    const response = await server.send('POST', '/v1/campaigns', '<a/>', { 'content-type': 'text/xml' });
    expect([response.status, (await problemOf(response)).code]).toEqual([415, 'unsupported-media-type']);
  });

  it('refuse who shows no key or a wrong one', async () => {
    for (const authorization of ['', 'Bearer nonsense', 'Basic abc', `Bearer ${KEY}x`]) {
      const response = await server.get('/v1/campaigns', { authorization });
      expect([response.status, (await problemOf(response)).code]).toEqual([401, 'unauthenticated']);
    }
  });

  it('answer 404 with a code for unknown campaigns, routes and odd ids', async () => {
    expect((await problemOf(await server.get('/v1/campaigns/none/report'))).code).toBe('campaign-not-found');
    expect(
      (await problemOf(await server.send('POST', '/plivo/current-campaign-report', { campId: 'none' }))).code,
    ).toBe('campaign-not-found');
    expect((await problemOf(await server.get('/nowhere'))).code).toBe('not-found');
    for (const id of ['%2e%2e%2fetc', '%E0%A4%A', 'x'.repeat(300)]) {
      const response = await server.get(`/v1/campaigns/${id}/report?key=${KEY}`);
      expect([response.status, (await problemOf(response)).code]).toEqual([400, 'validation-failed']);
    }
  });

  it('answer a HEAD of what is pushed, which would never end', async () => {
    for (const path of ['/v1/overview/live', '/v1/campaigns/any/live']) {
      const response = await fetch(server.url + path, { method: 'HEAD', headers: { authorization: `Bearer ${KEY}` } });
      expect(response.status).toBe(404);
    }
  });

  it('reject bad events one by one, with code and field, and apply the others', async () => {
    const good = { type: 'ended', campaignId: 'mixed', callId: 'm1', at: '2025-08-07T14:00:00Z', status: 'busy' };
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const response = await server.send('POST', '/v1/events', {
      events: [
        good,
        { ...good, callId: 'm2', cost: 'much' },
        { ...good, callId: 'm3', at: tomorrow },
        7,
        { ...good, type: 'exploded' },
        good,
      ],
    });
    const { results } = (await response.json()) as { results: unknown[] };
    expect(results).toMatchObject([
      { index: 0, result: 'accepted' },
      { index: 1, result: 'rejected', code: 'validation-failed', field: 'cost' },
      { index: 2, result: 'rejected', code: 'at-in-future', field: 'at' },
      { index: 3, result: 'rejected', code: 'validation-failed' },
      { index: 4, result: 'rejected', code: 'validation-failed', field: 'type' },
      { index: 5, result: 'unchanged' },
    ]);
    expect((await server.report('mixed')).progress.attempts).toBe(1);
  });

  it('take at most 1,000 events', async () => {
    const events = Array.from({ length: 1_001 }, () => ({}));
    expect((await server.send('POST', '/v1/events', { events })).status).toBe(400);
  });
});
