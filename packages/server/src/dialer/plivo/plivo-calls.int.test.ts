import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realEffects } from '../../effects.ts';
import type { CallOrder, SendGuard } from '../call-provider.ts';
import { callbackUrls } from '../callback-urls.ts';
import { PlivoCalls } from './plivo-calls.ts';

const NAMES = { workspace: 'w', campaignId: 'c 1', attemptId: 'a1', contactId: 'é&#/1', next: null };
const ORDER: CallOrder = {
  ...{ attemptId: 'a1', from: '+14155550100', to: '+919876543210' },
  ...callbackUrls('https://ringside.example', NAMES),
  ...{ answerMethod: 'POST', machineDetection: 'off', ringTimeoutSeconds: 30, timeLimitSeconds: 600 },
};

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function guardOf(maySend: () => boolean = () => true, signal = new AbortController().signal): SendGuard {
  return { maySend, signal };
}

async function listening(server: net.Server, close: () => void): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(close);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function callsAt(apiUrl: string): PlivoCalls {
  const calls = new PlivoCalls({ apiUrl, authId: 'MA1', authToken: 'secret' }, realEffects, { reads: { tries: 1 } });
  closing.push(() => calls.close());
  return calls;
}

type Answer = (request: { method: string; url: string; body: string }, response: http.ServerResponse) => void;

async function api(answer: Answer) {
  const requests: { method: string; url: string; body: string; authorization: string | undefined }[] = [];
  const server = http.createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const piece of incoming) body += piece;
    const { method = '', url = '', headers } = incoming;
    requests.push({ method, url, body, authorization: headers.authorization });
    answer({ method, url, body }, outgoing);
  });
  const url = await listening(server, () => {
    server.close();
    server.closeAllConnections();
  });
  return { calls: callsAt(url), requests };
}

function json(
  response: http.ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A server of plain sockets, for what no HTTP server does. */
async function rawServer(connected: (socket: net.Socket) => void) {
  const sockets = new Set<net.Socket>();
  let received = '';
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (piece) => {
      received += piece;
    });
    socket.on('error', () => {});
    connected(socket);
  });
  const url = await listening(server, () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { calls: callsAt(url), received: () => received, sockets };
}

describe('placing a call with Plivo', () => {
  it('asks for one call, with everything that the provider must know', async () => {
    const { calls, requests } = await api((_request, response) => json(response, 201, { request_uuid: 'r1' }));
    expect(await calls.place(ORDER, guardOf())).toEqual({ kind: 'accepted', requestId: 'r1' });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      ...{ method: 'POST', url: '/v1/Account/MA1/Call/' },
      authorization: `Basic ${Buffer.from('MA1:secret').toString('base64')}`,
    });
    const query = 'campId=c%201&attemptId=a1&contactId=%C3%A9%26%23%2F1';
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      ...{ from: ORDER.from, to: ORDER.to, ring_timeout: 30, time_limit: 600 },
      ...{ answer_method: 'POST', ring_method: 'POST', hangup_method: 'POST' },
      answer_url: `https://ringside.example/w/w/plivo/answer-url?${query}`,
      ring_url: `https://ringside.example/w/w/plivo/ring-url?${query}#rc=5&rp=all&rt=5000&tt=55000`,
      hangup_url: `https://ringside.example/w/w/plivo/hangup-url?${query}#rc=5&rp=all&rt=5000&tt=55000`,
    });
  });

  it.each([
    ['off', {}],
    ['detect', { machine_detection: 'true', machine_detection_url: ORDER.machineDetectionUrl }],
    ['hangup', { machine_detection: 'hangup' }],
  ] as const)('asks for machine detection: %s', async (machineDetection, members) => {
    const { calls, requests } = await api((_request, response) => json(response, 201, { request_uuid: ['r1'] }));
    expect(await calls.place({ ...ORDER, machineDetection }, guardOf())).toEqual({ kind: 'accepted', requestId: 'r1' });
    const sent = JSON.parse(requests[0]?.body ?? '') as Record<string, unknown>;
    const named = Object.entries(sent).filter(([name]) => name.startsWith('machine') && !name.endsWith('method'));
    expect(Object.fromEntries(named)).toEqual(members);
  });

  it.each([
    [400, { error: 'the number +1 (415) 555-0100 is not valid' }, 'contact', 'bad-request'],
    [401, { error: 'could not verify' }, 'account', 'unauthorised'],
    [402, {}, 'account', 'out-of-credits'],
    [403, { error: 'Your balance is too low' }, 'account', 'out-of-credits'],
    [403, { error: 'geo permission needed' }, 'contact', 'forbidden'],
    [403, { error: 'Your account is suspended' }, 'account', 'forbidden'],
    [404, '<html>nginx</html>', 'account', 'other'],
    [302, '', 'account', 'other'],
    [405, {}, 'account', 'other'],
    [422, {}, 'contact', 'other'],
  ] as const)('takes %d %j for a refusal of the %s: %s', async (status, body, scope, code) => {
    const { calls, requests } = await api((_request, response) => json(response, status, body, { location: '/other' }));
    const placed = await calls.place(ORDER, guardOf());
    expect(placed).toMatchObject({ kind: 'refused', scope, code, why: expect.stringContaining(`Plivo ${status}`) });
    expect(JSON.stringify(placed)).not.toMatch(/secret|555/);
    expect(requests).toHaveLength(1);
  });

  it('says how long a limit lasts: as asked, or the window over which Plivo counts', async () => {
    const asked = await api((_request, response) => json(response, 429, {}, { 'retry-after': '7' }));
    expect(await asked.calls.place(ORDER, guardOf())).toMatchObject({ code: 'rate-limited', retryAfterMs: 7_000 });
    const plain = await api((_request, response) => json(response, 429, {}));
    expect(await plain.calls.place(ORDER, guardOf())).toMatchObject({ code: 'rate-limited', retryAfterMs: 5_000 });
  });

  it.each([
    ['a server error', 500, { error: 'oops' }],
    ['a gateway that gave up', 408, ''],
    ['a success that cannot be read', 201, '<html>ok</html>'],
    ['a success without an id', 200, { message: 'call fired' }],
    ['an answer without end', 200, 'x'.repeat(100_000)],
  ])('is in doubt after %s, and sends nothing again', async (_what, status, body) => {
    const { calls, requests } = await api((_request, response) => json(response, status, body));
    expect((await calls.place(ORDER, guardOf())).kind).toBe('in-doubt');
    expect(requests).toHaveLength(1);
  });

  it('knows that nothing was sent where nobody listens', async () => {
    expect(await callsAt('http://127.0.0.1:1').place(ORDER, guardOf())).toMatchObject({
      kind: 'not-sent',
      why: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('does not write when the last look says no, though the connection stands', async () => {
    const { calls, received, sockets } = await rawServer(() => {});
    let looks = 0;
    const maySend = (): boolean => {
      looks += 1;
      return false;
    };
    expect((await calls.place(ORDER, guardOf(maySend))).kind).toBe('not-sent');
    await expect.poll(() => [...sockets].every((socket) => socket.destroyed || socket.readableEnded)).toBe(true);
    expect({ looks, received: received(), connections: sockets.size }).toEqual({
      looks: 1,
      received: '',
      connections: 1,
    });
  });

  it('looks again before each request, on a connection that stands already too', async () => {
    const { calls, requests } = await api((_request, response) => json(response, 201, { request_uuid: 'r1' }));
    await calls.place(ORDER, guardOf());
    expect(
      (
        await calls.place(
          ORDER,
          guardOf(() => false),
        )
      ).kind,
    ).toBe('not-sent');
    expect(requests).toHaveLength(1);
  });

  it('is not sent when it is aborted before the connection stands', async () => {
    const stopped = AbortSignal.abort();
    const { calls, received } = await rawServer(() => {});
    expect(
      (
        await calls.place(
          ORDER,
          guardOf(() => true, stopped),
        )
      ).kind,
    ).toBe('not-sent');
    expect(received()).toBe('');
  });

  it('is in doubt when it is aborted after it was written', async () => {
    const { calls, received } = await rawServer(() => {});
    const deadline = new AbortController();
    const placing = calls.place(
      ORDER,
      guardOf(() => true, deadline.signal),
    );
    await expect.poll(received).toContain(ORDER.to);
    deadline.abort();
    expect(await placing).toEqual({ kind: 'in-doubt', why: 'no answer came in time' });
  });

  it('is in doubt when the connection ends without an answer', async () => {
    const { calls } = await rawServer((socket) => socket.once('data', () => socket.destroy()));
    expect(await calls.place(ORDER, guardOf())).toMatchObject({
      kind: 'in-doubt',
      why: expect.stringContaining('without an answer'),
    });
  });

  it('is in doubt when the answer breaks off', async () => {
    const head = 'HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{"request_uuid":';
    const { calls } = await rawServer((socket) => socket.once('data', () => socket.end(head)));
    expect((await calls.place(ORDER, guardOf())).kind).toBe('in-doubt');
  });
});

describe('looking for a call with Plivo', () => {
  const SINCE = Date.parse('2026-03-01T10:00:00Z');
  const none = async (): Promise<string[]> => [];
  /** The provider's clock is another than this machine's, and the call was sent a minute ago by it. */
  const begun = performance.now();
  const passed = (): number => performance.now() - begun;
  const sent = { knownForMs: () => 60_000 + passed(), at: null };
  const SOUGHT = { from: '+14155550100', to: '+919876543210', requestId: null, sent, others: none };
  const numbers = { from: '14155550100', to: '919876543210' };
  const { signal } = new AbortController();

  interface Lists {
    readonly queued?: Record<string, unknown>;
    readonly live?: Record<string, unknown>;
    readonly records?: readonly unknown[];
  }

  function listsApi(lists: Lists) {
    return api(({ url }, response) => {
      response.setHeader('date', new Date(SINCE + 62_000 + passed()).toUTCString());
      const { pathname, searchParams } = new URL(url, 'http://api');
      const status = searchParams.get('status') as 'queued' | 'live' | null;
      const id = /\/Call\/([^/]+)\/$/.exec(pathname)?.[1];
      if (status === null) {
        const offset = Number(searchParams.get('offset'));
        return json(response, 200, { api_id: 'x', objects: (lists.records ?? []).slice(offset, offset + 20) });
      }
      const list = lists[status] ?? {};
      if (id === undefined) return json(response, 200, { api_id: 'x', calls: Object.keys(list) });
      return id in list ? json(response, 200, list[id]) : json(response, 404, { api_id: 'x', error: 'not found' });
    });
  }

  const record = (initiated: string) => ({
    ...{ call_uuid: 'u1', from_number: '14155550100', to_number: '+919876543210', initiation_time: initiated },
  });

  it('finds it in the queue, and among the live ones', async () => {
    const other = { from: '14155550100', to: '919000000000' };
    const queued = await listsApi({ queued: { q0: other, q1: numbers } });
    expect(await queued.calls.look(SOUGHT, signal)).toMatchObject({ kind: 'queued', requestId: 'q1' });
    const live = await listsApi({ queued: { q0: other }, live: { l1: numbers } });
    expect(await live.calls.look(SOUGHT, signal)).toMatchObject({ kind: 'live', requestId: 'l1' });
  });

  it('finds its record by numbers and time, and not that of a call before', async () => {
    const before = await listsApi({ records: [record('2026-03-01 15:29:50+05:30')] });
    expect((await before.calls.look(SOUGHT, signal)).kind).toBe('none');
    const found = await listsApi({ records: [record('2026-03-01 15:30:02+05:30')] });
    expect(await found.calls.look(SOUGHT, signal)).toMatchObject({ kind: 'ended', requestId: 'u1' });
    expect(found.requests.at(-1)?.url).toBe(
      '/v1/Account/MA1/Call/?from_number=14155550100&to_number=919876543210&end_time__gte=2026-03-01+10%3A00%3A00&limit=20&offset=0',
    );
  });

  it.each(['2026-03-01 09:00:00', 'soon', '0001-01-01 00:00:00+00:00', 20_260_301])(
    'takes a record of the unreadable time %s for one that may be the call',
    async (initiated) => {
      const { calls } = await listsApi({ records: [record(initiated as string)] });
      expect((await calls.look(SOUGHT, signal)).kind).toBe('ended');
    },
  );

  it('reads on to the next page of records', async () => {
    const early = Array.from({ length: 20 }, () => record('2026-03-01 09:00:00+00:00'));
    const { calls } = await listsApi({ records: [...early, record('2026-03-01 10:00:01+00:00')] });
    expect((await calls.look(SOUGHT, signal)).kind).toBe('ended');
  });

  it('asks for the numbers of a live call once', async () => {
    const { calls, requests } = await listsApi({ live: { l0: { from: '1', to: '2' } } });
    await calls.look(SOUGHT, signal);
    await calls.look(SOUGHT, signal);
    expect(requests.filter(({ url }) => url.includes('/l0/'))).toHaveLength(1);
  });

  it('leaves out calls that are known to be others: the contact may have been called a moment ago', async () => {
    const { calls } = await listsApi({ live: { l1: numbers, l2: numbers } });
    const others = async (ids: readonly string[]) => ids.filter((id) => id === 'l1');
    expect(await calls.look({ ...SOUGHT, others }, signal)).toMatchObject({ kind: 'live', requestId: 'l2' });
    const both = async (ids: readonly string[]) => ids;
    expect((await calls.look({ ...SOUGHT, others: both }, signal)).kind).toBe('none');
  });

  it('concludes nothing where two could be the one', async () => {
    const { calls } = await listsApi({ live: { l1: numbers, l2: numbers } });
    expect((await calls.look(SOUGHT, signal)).kind).toBe('unavailable');
  });

  it.each([
    ['an error', 500, {}],
    ['a refusal', 401, { error: 'no' }],
    ['something else', 200, { hello: 'world' }],
    ['a page', 200, '<html></html>'],
  ])('concludes nothing from %s', async (_what, status, body) => {
    const { calls } = await api((_request, response) => json(response, status, body));
    expect((await calls.look(SOUGHT, signal)).kind).toBe('unavailable');
  });
});

describe('hanging up with Plivo', () => {
  const { signal } = new AbortController();

  it('ends a live call, or takes a queued one back', async () => {
    const { calls, requests } = await api(({ url }, response) =>
      json(response, url.includes('/Request/q1') ? 204 : url.includes('/Call/l1') ? 204 : 404, ''),
    );
    expect([
      await calls.hangUp('l1', signal),
      await calls.hangUp('q1', signal),
      await calls.hangUp('x', signal),
    ]).toEqual([...[true, true, false]]);
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'DELETE /v1/Account/MA1/Call/l1/',
      'DELETE /v1/Account/MA1/Call/q1/',
      'DELETE /v1/Account/MA1/Request/q1/',
      'DELETE /v1/Account/MA1/Call/x/',
      'DELETE /v1/Account/MA1/Request/x/',
    ]);
  });
});
