import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SteppingClock } from '../../testing/stepping-clock.ts';
import { CallDetails } from './call-detail.ts';

const UUID = '5607532d-5037-4066-befc-a8b40218dd4f';
const NOW = Date.parse('2022-10-12T20:00:00Z');
const RECORD = {
  call_uuid: UUID,
  initiation_time: '2022-10-12 21:57:40+05:30',
  answer_time: null,
  end_time: '2022-10-12 21:57:58+05:30',
  hangup_cause_code: 3010,
};
const NOT_FOUND = { status: 404, body: { api_id: 'x', error: 'not found' } };
const { signal } = new AbortController();

interface Scripted {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

let close = async (): Promise<void> => {};
afterEach(() => close());

/** An API that gives its answers in turn, the last one again and again. */
async function api(script: readonly Scripted[], limits: ConstructorParameters<typeof CallDetails>[2] = {}) {
  const requests: { url: string; authorization: string | undefined }[] = [];
  const server = http.createServer((incoming, outgoing) => {
    const { status, body, headers = {} } = script[Math.min(requests.length, script.length - 1)] ?? { status: 500 };
    requests.push({ url: incoming.url ?? '', authorization: incoming.headers.authorization });
    if (status === 0) return;
    outgoing.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = new SteppingClock(NOW);
  const details = new CallDetails({ apiUrl, authId: 'MA1', authToken: 'secret' }, clock, limits);
  return { details, clock, requests, apiUrl };
}

describe('asking Plivo about a call', () => {
  it('reads its record, with the account’s id and token', async () => {
    const { details, requests } = await api([{ status: 200, body: RECORD }]);
    expect(await details.find(UUID, signal)).toMatchObject({ kind: 'ended', delivery: { source: 'cdr' } });
    expect(requests).toEqual([
      {
        url: `/v1/Account/MA1/Call/${UUID}/`,
        authorization: `Basic ${Buffer.from('MA1:secret').toString('base64')}`,
      },
    ]);
  });

  it('looks among the live calls where there is no record', async () => {
    const { details, requests } = await api([NOT_FOUND, { status: 200, body: { call_status: 'in-progress' } }]);
    expect(await details.find(UUID, signal)).toEqual({ kind: 'live' });
    expect(requests[1]?.url).toBe(`/v1/Account/MA1/Call/${UUID}/?status=live`);
  });

  it('says none only when it is in neither list', async () => {
    const { details, requests } = await api([NOT_FOUND]);
    expect(await details.find(UUID, signal)).toEqual({ kind: 'none' });
    expect(requests).toHaveLength(2);
  });

  it('waits as long as a 429 asks, for all calls, and then goes on', async () => {
    const limited = { status: 429, headers: { 'retry-after': '7' } };
    const { details, clock, requests } = await api([limited, { status: 200, body: RECORD }]);
    expect((await details.find(UUID, signal)).kind).toBe('ended');
    expect(clock.sleeps).toEqual([7_000]);
    expect(requests).toHaveLength(2);
  });

  it('understands a date in Retry-After by the clock of who wrote it, and waits out the window without one', async () => {
    const theirs = NOW + 7_200_000;
    const until = {
      date: new Date(theirs).toUTCString(),
      'retry-after': new Date(theirs + 4_000).toUTCString(),
    };
    const dated = await api([
      { status: 429, headers: until },
      { status: 200, body: RECORD },
    ]);
    await dated.details.find(UUID, signal);
    expect(dated.clock.sleeps).toEqual([4_000]);
    await close();
    const plain = await api([{ status: 429 }, { status: 200, body: RECORD }]);
    await plain.details.find(UUID, signal);
    expect(plain.clock.sleeps).toEqual([5_000]);
  });

  it('gives up at once when a 429 asks for more patience than it has, and sends nothing more meanwhile', async () => {
    const { details, clock, requests } = await api([{ status: 429, headers: { 'retry-after': '600' } }]);
    expect((await details.find(UUID, signal)).kind).toBe('unavailable');
    expect((await details.find('another', signal)).kind).toBe('unavailable');
    expect(clock.sleeps).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  it('reads again after a 5xx, a few times, longer apart each time', async () => {
    const { details, clock, requests, apiUrl } = await api([{ status: 503 }]);
    expect(await details.find(UUID, signal)).toEqual({
      kind: 'unavailable',
      reason: `Plivo’s API at ${apiUrl} answers 503`,
    });
    expect(clock.sleeps).toEqual([500, 1_000]);
    expect(requests).toHaveLength(3);
  });

  it.each([401, 403])('takes %d for an answer, and names what to check', async (status) => {
    const { details, requests } = await api([{ status, body: { api_id: 'x', error: 'no' } }]);
    const refused = await details.find(UUID, signal);
    expect(refused).toMatchObject({ kind: 'refused', reason: expect.stringContaining('PLIVO_AUTH_TOKEN') });
    expect(JSON.stringify(refused)).not.toContain('secret');
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['a 404 of some other web server', { status: 404, body: '<html>nginx</html>' }],
    ['a page instead of a record', { status: 200, body: '<html>sign in</html>' }],
    ['the record of another call', { status: 200, body: { ...RECORD, call_uuid: 'other' } }],
    ['a 400', { status: 400, body: { api_id: 'x', error: 'bad' } }],
  ])('draws no conclusion from %s', async (_what, answer) => {
    const { details } = await api([answer]);
    expect((await details.find(UUID, signal)).kind).toBe('unavailable');
  });

  it('does not carry the token where a redirect points', async () => {
    const { details, requests } = await api([{ status: 302, headers: { location: '/elsewhere' } }]);
    expect((await details.find(UUID, signal)).kind).toBe('unavailable');
    expect(requests.map(({ url }) => url)).not.toContain('/elsewhere');
  });

  it('gives up on an API that does not answer, or does not listen', async () => {
    const { details } = await api([{ status: 0 }], { timeoutMs: 50 });
    expect(await details.find(UUID, signal)).toMatchObject({
      reason: expect.stringContaining('does not answer in time'),
    });
    await close();
    const patient = await api([]);
    await close();
    expect(await patient.details.find(UUID, signal)).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') });
  });

  it('stops at once when it is told to', async () => {
    const stop = new AbortController();
    const { details, requests } = await api([{ status: 0 }]);
    const asked = details.find(UUID, stop.signal);
    await expect.poll(() => requests.length).toBe(1);
    stop.abort();
    expect((await asked).kind).toBe('unavailable');
    expect(requests).toHaveLength(1);
  });
});
