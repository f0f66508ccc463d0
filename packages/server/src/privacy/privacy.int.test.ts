import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallEventInput, Erasure, Report } from '@ringside/protocol';
import { defaultSettings } from '@ringside/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/options.ts';
import { startServer } from '../server.ts';
import { differencesIn } from '../testing/differences.ts';
import { LiveReader } from '../testing/live-reader.ts';
import { AUTH_ID, AUTH_TOKEN, hangup, KEY, sendCallback, temporaryFolder } from '../testing/running-server.ts';
import { comparable } from '../testing/same-report.ts';
import { SteppingClock } from '../testing/stepping-clock.ts';

const DAY = 24 * 3_600_000;
const CANARY = '+919876543210';
const authorization = { authorization: `Bearer ${KEY}` };

let folder: ReturnType<typeof temporaryFolder>;
let clock: SteppingClock;
let logged: string;
let server: Awaited<ReturnType<typeof startServer>>;

beforeEach(async () => {
  folder = temporaryFolder();
  clock = new SteppingClock(Date.now());
  logged = '';
  const env = { PORT: '0', RINGSIDE_DATA: folder.path, RINGSIDE_ADMIN_KEY: KEY };
  const config = loadConfig({ ...env, PLIVO_AUTH_ID: AUTH_ID, PLIVO_AUTH_TOKEN: AUTH_TOKEN });
  const sink = {
    write: (line: string) => {
      logged += line;
    },
  };
  server = await startServer(config, pino({ level: 'trace' }, sink), { now: clock.now, retainEveryMs: 20 });
});
afterEach(async () => {
  await server.stop();
  folder.remove();
});

const get = (path: string) => fetch(server.url + path, { headers: authorization });
const send = (method: string, path: string, body: unknown) =>
  fetch(server.url + path, {
    method,
    headers: { ...authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const report = async (query = ''): Promise<Report> => (await get(`/v1/campaigns/c/report${query}`)).json();

async function sendEvents(events: readonly CallEventInput[]) {
  const response = await send('POST', '/v1/events', { events });
  return ((await response.json()) as { results: { result: string; code?: string }[] }).results;
}

const ended = (callId: string, daysAgo: number, to: string): CallEventInput => ({
  type: 'ended',
  campaignId: 'c',
  callId,
  at: new Date(clock.now() - daysAgo * DAY).toISOString(),
  to,
  status: 'completed',
  duration: 30,
});

/** Forecasts and the calls of the feed set aside, for these change. */
const counts = (of: Report) => ({ ...comparable(of), recentActivity: [] });

describe('records that are kept no longer', () => {
  const retain = (callDays: number | null) =>
    send('PUT', '/v1/settings', { ...defaultSettings, retention: { callDays } });
  const storedCalls = async (): Promise<number> =>
    ((await (await get('/v1/campaigns/c/calls')).json()) as { items: unknown[] }).items.length;

  it('go when their time is up, while every count stays', async () => {
    await sendEvents([ended('old', 20, CANARY), ended('new', 1, '+14155550100')]);
    const before = await report();
    const past = await report(`?asOf=${new Date(clock.now() - 5 * DAY).toISOString()}`);
    await retain(30);
    expect(await storedCalls()).toBe(2);
    clock.pass(11 * DAY);
    await expect.poll(storedCalls).toBe(1);
    const after = await report();
    expect(counts(after)).toEqual(counts(before));
    expect(after.recentActivity.map(({ callUUID }) => callUUID)).toEqual(['new']);
    expect(JSON.stringify(after)).not.toContain('987654');
    expect(differencesIn(folder.path, clock.now())).toEqual([]);

    const asOf = (daysAgo: number) => new Date(clock.now() - daysAgo * DAY).toISOString();
    expect(counts(await report(`?asOf=${asOf(16)}`))).toEqual(counts(past));
    const gone = await get(`/v1/campaigns/c/report?asOf=${asOf(31)}`);
    expect([gone.status, (await gone.json()).code]).toEqual([410, 'records-deleted']);
  });

  it('are not brought back by a late event, nor by a late callback, which is put aside', async () => {
    await sendEvents([ended('old', 20, CANARY)]);
    await retain(10);
    await expect.poll(storedCalls).toBe(0);
    const before = counts(await report());
    expect(await sendEvents([ended('old', 20, CANARY)])).toMatchObject([
      { result: 'rejected', code: 'past-retention' },
    ]);
    const { aside, unassigned } = await (await get('/v1/intake')).json();
    const form = hangup('old', { sessionStart: clock.now() - 20 * DAY });
    const at = (text: string | undefined) => text?.replace(/^\d{4}-\d\d-\d\d/, '2025-01-01') ?? '';
    const late = { ...form, StartTime: at(form.StartTime), AnswerTime: at(form.AnswerTime), EndTime: at(form.EndTime) };
    expect(
      (await sendCallback(server.url, 'hangup', 'c', { ...late, SessionStart: at(form.SessionStart) })).status,
    ).toBe(200);
    expect(await (await get('/v1/intake')).json()).toMatchObject({ aside: aside + 1, unassigned: unassigned + 1 });
    expect(counts(await report())).toEqual(before);
    const { items } = await (await get('/v1/audit?action=retention')).json();
    expect(items).toMatchObject([{ actor: 'retention', target: 'c', after: { calls: 1, contacts: 1 } }]);
    // The same person called again counts as another contact: nothing is left by which to know them.
    await sendEvents([ended('again', 1, CANARY)]);
    expect((await report()).progress).toMatchObject({ attempts: 2, totalCalls: 2, completedCalls: 2 });
  });
});

describe('a number that is erased', () => {
  const erase = (number: string, reason?: string) => send('POST', '/v1/erasures', { number, reason });

  it('is nowhere any more: not in lists, files, pushes, logs or the store, and does not come back', async () => {
    const form = hangup('callback', { to: CANARY });
    await sendCallback(server.url, 'hangup', 'c', form);
    await sendEvents([ended('event', 0, '919876543210'), ended('other', 0, '+14155550100')]);
    const live = new LiveReader(server.url, authorization);
    await live.say({ type: 'subscribe', campaignId: 'c' });
    await live.until(({ type }) => type === 'snapshot');
    const before = await report();
    expect(JSON.stringify([before, live.messages])).toContain('9876543210');
    const heard = live.messages.length;

    const response = await erase('+91 98765-43210', `asked by ${CANARY}`);
    const erasure: Erasure = await response.json();
    expect([response.status, erasure]).toMatchObject([
      201,
      { state: 'done', found: { campaigns: 1, calls: 2, contacts: 1 } },
    ]);
    await live.until(
      (message) => live.messages.indexOf(message) >= heard && JSON.stringify(message).includes('erased'),
    );
    expect(await sendEvents([ended('event', 0, '919876543210')])).toMatchObject([{ result: 'unchanged' }]);
    await sendCallback(server.url, 'hangup', 'c', form);
    await sendCallback(server.url, 'ring', 'c', { ...form, Event: 'Ring', CallUUID: 'late', RequestUUID: 'late' });

    const after = await report();
    expect(after.progress).toMatchObject({
      attempts: before.progress.attempts + 1,
      totalCalls: before.progress.totalCalls,
    });
    expect(after.recentActivity.map(({ number }) => number).sort()).toEqual(['+14155550100', 'erased', 'erased']);
    const paths = ['report', 'calls', 'calls.csv', 'calls.ndjson', 'contacts', 'contacts.csv', 'contacts.ndjson'];
    const shown = await Promise.all(paths.map(async (path) => (await get(`/v1/campaigns/c/${path}`)).text()));
    const call = await (await get('/v1/campaigns/c/calls/callback')).json();
    expect(call).toMatchObject({ number: 'erased', recordingUrl: null, attributes: {} });
    expect(call.deliveries).toMatchObject([{ number: 'erased', raw: null }]);
    shown.push(JSON.stringify(call));
    shown.push(await (await get('/v1/audit.ndjson')).text(), await (await get('/v1/erasures')).text());
    shown.push(JSON.stringify(live.messages.slice(heard)), logged);
    for (const text of shown) expect(text).not.toMatch(/98765[ -]?43210/);
    expect(await (await get('/v1/campaigns/c/calls?number=9876543210')).json()).toMatchObject({ items: [] });
    live.close();
    expect(differencesIn(folder.path, clock.now())).toEqual([]);
    for (const file of readdirSync(folder.path))
      expect([file, readFileSync(join(folder.path, file), 'latin1').match(/98765[ -]?43210/)]).toEqual([file, null]);
  });

  it('is told of by its token, in the audit log too, and erasing it again changes nothing', async () => {
    await sendEvents([ended('event', 0, CANARY)]);
    const first: Erasure = await (await erase(CANARY, 'asked for it')).json();
    expect(first).toMatchObject({ token: expect.stringMatching(/^erased-[a-p]{24}$/), reason: 'asked for it' });
    const { version } = await report();
    const again = await erase('00919876543210');
    expect([again.status, await again.json()]).toEqual([200, first]);
    expect((await report()).version).toBe(version);
    expect(await (await get('/v1/erasures')).json()).toEqual({ items: [first], nextCursor: null });
    const { items } = await (await get('/v1/audit?action=number')).json();
    expect(items).toMatchObject([{ action: 'number.erased', target: first.token }]);
    expect(items).toHaveLength(1);
  });

  it('is said to have been found nowhere', async () => {
    await sendEvents([ended('event', 0, CANARY)]);
    expect((await (await erase('+919876543211')).json()).note).toMatch(/^No record names this number\./);
    expect((await (await erase(CANARY)).json()).note).toBeNull();
    await send('POST', '/v1/do-not-call', { numbers: ['+919876543212'] });
    expect(await (await erase('+919876543212')).json()).toMatchObject({ note: null, found: { doNotCall: 1 } });
    const { items } = await (await get('/v1/erasures')).json();
    expect(items.map(({ note }: Erasure) => note === null).sort()).toEqual([false, true, true]);
  });

  it('must be written with its country', async () => {
    for (const number of ['098765', '9876543210x', 'erased-abc', 'nobody']) {
      const response = await erase(number);
      expect([number, response.status, (await response.json()).code]).toEqual([number, 400, 'validation-failed']);
    }
  });
});
