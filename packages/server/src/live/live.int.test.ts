import type { RecentCall, Report } from '@ringside/protocol';
import { ServerMessage } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveReader } from '../testing/live-reader.ts';
import { mergePatch } from '../testing/merge-patch.ts';
import { hangup, KEY, type TestServer, testServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const AUTH = { authorization: `Bearer ${KEY}` };
const reader = (headers: Record<string, string> = AUTH) => new LiveReader(server.url, headers);

async function end(campaignId: string, callId: string, changes: object = {}): Promise<void> {
  const at = new Date().toISOString();
  const event = {
    type: 'ended',
    campaignId,
    callId,
    at,
    status: 'completed',
    duration: 30,
    to: '+919876543210',
    ...changes,
  };
  const { results } = (await (await server.send('POST', '/v1/events', { events: [event] })).json()) as {
    results: { result: string }[];
  };
  expect(results[0]?.result).toBe('accepted');
}

/** Holds a report as a front end would. */
function holder(messages: readonly ServerMessage[]): { report: Report; gaps: number } {
  let held: { report: Report; revision: string } | null = null;
  let gaps = 0;
  for (const message of messages) {
    if (message.type === 'snapshot') held = message;
    if (message.type === 'patch' && held) {
      if (message.from !== held.revision) gaps += 1;
      held = { report: mergePatch(held.report, message.patch) as Report, revision: message.revision };
    }
    if (message.type === 'calls' && held)
      held = { ...held, report: { ...held.report, recentActivity: upsert(held.report.recentActivity, message.calls) } };
  }
  if (!held) throw new Error('no snapshot came');
  return { report: held.report, gaps };
}

function upsert(shown: readonly RecentCall[], calls: readonly RecentCall[]): RecentCall[] {
  const byId = new Map([...shown, ...calls].map((call) => [call.callUUID, call]));
  const newest = [...byId.values()].sort(
    (a, b) => Date.parse(b.endTime) - Date.parse(a.endTime) || (a.callUUID < b.callUUID ? -1 : 1),
  );
  return newest.slice(0, 25);
}

describe('WebSocket', () => {
  it('greets, sends a snapshot, then patches that add up to what polling shows', async () => {
    await end('ws', 'c-0');
    const live = reader();
    await live.say({ type: 'subscribe', campaignId: 'ws' });
    const snapshot = await live.until((message) => message.type === 'snapshot');
    expect(live.messages[0]).toMatchObject({ type: 'hello', protocol: 1, heartbeatMs: 15_000 });
    expect(snapshot).toMatchObject({ campaignId: 'ws', report: { progress: { attempts: 1 } } });
    for (let i = 1; i <= 40; i++) await end('ws', `c-${i}`, i % 2 ? {} : { status: 'busy', duration: 0 });
    await live.until((message) => message.type === 'patch' && JSON.stringify(message).includes('"attempts":41'));
    await expect.poll(() => holder(live.messages).report.recentActivity[0]?.callUUID).toBe('c-40');
    const polled = await server.report('ws');
    const { report, gaps } = holder(live.messages);
    expect(gaps).toBe(0);
    // The clock may have ticked between the two readings; everything else is equal.
    const timeless = ({ revision: _r, asOf: _a, callMetrics, ...rest }: Report) => ({
      ...rest,
      callMetrics: { ...callMetrics, pace: null },
    });
    expect(timeless(report)).toEqual(timeless(polled));
    live.close();
  });

  it('resends a shown call when its lead changes', async () => {
    await end('leads', 'l-1');
    const live = reader();
    await live.say({ type: 'subscribe', campaignId: 'leads' });
    await live.until((message) => message.type === 'snapshot');
    const lead = { type: 'lead', campaignId: 'leads', callId: 'l-1', at: new Date().toISOString(), leadStatus: 'hot' };
    await server.send('POST', '/v1/events', { events: [lead] });
    const calls = await live.until((message) => message.type === 'calls');
    expect(calls).toMatchObject({ calls: [{ callUUID: 'l-1', leadStatus: 'hot' }] });
    live.close();
  });

  it('says no more after unsubscribe, answers ping, and names what does not exist', async () => {
    await end('quiet', 'q-1');
    const live = reader();
    await live.say({ type: 'subscribe', campaignId: 'quiet' });
    await live.until((message) => message.type === 'snapshot');
    await live.say({ type: 'unsubscribe', campaignId: 'quiet' });
    await live.until((message) => message.type === 'unsubscribed');
    const count = live.messages.length;
    await end('quiet', 'q-2');
    await live.say({ type: 'subscribe', campaignId: 'nothing-here' });
    await live.say({ type: 'ping' });
    await live.until((message) => message.type === 'pong');
    const error = await live.until((message) => message.type === 'error');
    expect(error).toMatchObject({ code: 'campaign-not-found', campaignId: 'nothing-here' });
    expect(
      live.messages
        .slice(count)
        .map((message) => message.type)
        .sort(),
    ).toEqual(['error', 'pong']);
    live.close();
  });

  it('follows the overview', async () => {
    await end('ov', 'o-1');
    const live = reader();
    await live.say({ type: 'subscribe', overview: true });
    const first = await live.until((message) => message.type === 'overview-snapshot');
    expect(first).toMatchObject({ overview: { campaigns: { ov: { progress: { attempts: 1 } } } } });
    await end('ov', 'o-2');
    const patch = await live.until((message) => message.type === 'overview-patch');
    expect(patch).toMatchObject({ patch: { campaigns: { ov: { progress: { attempts: 2 } } } } });
    live.close();
  });

  it('refuses who shows no key, a foreign page, and another path', async () => {
    expect(await reader({}).refusal()).toBe(401);
    expect(await reader({ ...AUTH, origin: 'https://evil.example' }).refusal()).toBe(403);
    const own = reader({ ...AUTH, origin: server.url });
    await own.say({ type: 'ping' });
    await own.until((message) => message.type === 'pong');
    own.close();
  });

  it.each(['no json', '{"type":"subscribe"}', '{"type":"dance"}', 'x'.repeat(20_000)])(
    'closes on %.20s',
    async (message) => {
      const live = reader();
      await live.say(message);
      expect([1008, 1009]).toContain((await live.closed).code);
    },
  );
});

describe('server-sent events', () => {
  it('carry the same messages, named and numbered', async () => {
    await end('sse', 'e-1');
    const aborter = new AbortController();
    const response = await fetch(`${server.url}/v1/campaigns/sse/live`, { headers: AUTH, signal: aborter.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = readEvents(response);
    expect((await events.next()).value).toMatchObject({ event: 'hello' });
    const snapshot = (await events.next()).value;
    expect(snapshot).toMatchObject({ event: 'snapshot', data: { campaignId: 'sse' } });
    expect(snapshot).toMatchObject({ data: { revision: snapshot?.id } });
    await server.callback('hangup', 'sse', hangup('e-2'));
    expect((await events.next()).value).toMatchObject({ event: 'patch', data: { from: snapshot?.id } });
    aborter.abort();
  });

  it('answer 404 for an unknown campaign and 401 without a key', async () => {
    expect((await server.get('/v1/campaigns/unknown/live')).status).toBe(404);
    expect((await fetch(`${server.url}/v1/overview/live`)).status).toBe(401);
  });
});

async function* readEvents(response: Response): AsyncGenerator<{ event?: string; id?: string; data: ServerMessage }> {
  let text = '';
  const { body } = response;
  if (!body) return;
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let cut = text.indexOf('\n\n'); cut >= 0; cut = text.indexOf('\n\n')) {
      const lines = text.slice(0, cut).split('\n');
      const fields = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2)));
      text = text.slice(cut + 2);
      yield { ...fields, data: ServerMessage.parse(JSON.parse(fields.data)) };
    }
  }
}
