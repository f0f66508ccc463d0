import { CampaignCreate, EventInput } from '@ringside/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { consoleTime } from './console-time.ts';
import { realEffects } from './effects.ts';
import { asDelivered, type CallRecord, type RunRecord, summarise } from './record.ts';
import { RefusedError } from './ringside-api.ts';
import { dialingOf, type RunOptions, runCampaign } from './run-campaign.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { authToken, type Callback, callbacksIn, eventsIn, isCallback, isSigned } from './testing/plivo-inbox.ts';
import { type Answer, type Received, type StubServer, startStub } from './testing/stub-server.ts';
import { timeline } from './timeline.ts';

const scenario: Scenario = {
  ...scenarios['voicemail-heavy'],
  contacts: 60,
  concurrency: 30,
  callsPerSecond: 20,
  retry: { maxAttempts: 2, delaySeconds: 20 },
};
const hour = 3_600_000;
let stub: StubServer | undefined;

afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

/** Runs a campaign against a stub; a minute of it takes a tenth of a second. */
async function run(
  given: Partial<RunOptions> = {},
  answer?: (request: Received) => Answer,
): Promise<{ record: RunRecord; stub: StubServer; callbacks: Callback[] }> {
  stub = await startStub(answer);
  const account = { key: 'key', authId: 'MA1', authTokens: [authToken] };
  const defaults = { url: stub.url, campaignId: 'c-1', scenario, seed: 'seed', speed: 600, ...account };
  const record = await runCampaign({ ...defaults, ...given });
  return { record, stub, callbacks: callbacksIn(stub.received) };
}

/** What was delivered according to the record, and what arrived, as sorted lines of kind and call. */
function delivered(calls: readonly CallRecord[]): string[] {
  const lines = calls.flatMap(({ callUuid, fates }) =>
    Object.entries(fates).flatMap(([kind, fate]) => (fate === 'delivered' ? [`${kind} ${callUuid}`] : [])),
  );
  return lines.sort();
}

function arrived(received: readonly Received[]): string[] {
  const callbacks = callbacksIn(received).map(({ kind, uuid }) => `${kind} ${uuid}`);
  const events = eventsIn(received).flatMap(({ type, callId }) => (callId === undefined ? [] : [`${type} ${callId}`]));
  return [...callbacks, ...events].sort();
}

describe('a live campaign', () => {
  it('sends for each call what Plivo would send, and keeps a record of exactly that', async () => {
    const { record, stub, callbacks } = await run();
    expect(arrived(stub.received)).toEqual(delivered(record.calls));
    expect(record.undelivered).toEqual([]);
    expect(record.traffic.delivered).toBe(arrived(stub.received).length);

    const kindsOf = (call: CallRecord) =>
      callbacks.filter(({ uuid }) => uuid === call.callUuid).map(({ kind }) => kind);
    for (const call of record.calls) {
      const plan = dialingOf({ campaignId: 'c-1', scenario, seed: 'seed' }).planOf(call.contact, call.attempt);
      const expected = [
        ...(plan.ringMs === null ? [] : ['ring']),
        ...(plan.answerMs === null ? [] : ['answer']),
        ...(plan.machine ? ['machine'] : []),
        'hangup',
      ];
      expect(kindsOf(call).sort()).toEqual(expected.sort());
    }
  });

  it('adds up to the same totals as its hangups', async () => {
    const { record, callbacks } = await run();
    const hangups = callbacks.filter(({ kind }) => kind === 'hangup').map(({ fields }) => fields);
    const totals = summarise(record.calls);
    expect(totals.attempts).toBe(hangups.length);
    expect(totals.ended).toBe(hangups.length);
    expect(totals.contactsTried).toBe(60);
    expect(totals.answered).toBe(hangups.filter(({ AnswerTime }) => AnswerTime !== '').length);
    expect(Number(totals.cost)).toBeCloseTo(
      hangups.reduce((sum, { TotalCost }) => sum + Number(TotalCost), 0),
      5,
    );
    for (const [code, count] of Object.entries(totals.codes)) {
      expect(hangups.filter(({ HangupCauseCode }) => HangupCauseCode === code).length).toBe(count);
    }
    const machines = record.calls.filter(({ outcome }) => outcome === 'machine').map(({ callUuid }) => callUuid);
    const verdicts = callbacks.filter(({ kind }) => kind === 'machine').map(({ uuid }) => uuid);
    expect(verdicts.sort()).toEqual(machines.sort());
    const completed = record.calls.filter(({ outcome }) => outcome === 'completed').map(({ callUuid }) => callUuid);
    const durations = hangups.filter(({ CallUUID }) => completed.includes(CallUUID ?? '')).map((form) => form.Duration);
    expect(totals.talkSeconds).toBe(durations.reduce((sum, duration) => sum + Number(duration), 0));
  });

  it('signs every callback and names its campaign in the URL', async () => {
    const { stub, callbacks } = await run({ campaignId: 'c:1' });
    expect(callbacks.length).toBeGreaterThan(100);
    for (const { request } of callbacks) {
      expect(isSigned(stub.url, request)).toBe(true);
      expect(request.target.endsWith('?campId=c%3A1')).toBe(true);
    }
    expect(new Set(callbacks.map(({ request }) => request.headers['x-plivo-signature-v3-nonce'])).size).toBe(
      callbacks.length,
    );
  });

  it('sends everything in the query when told to use GET', async () => {
    const { record, stub, callbacks } = await run({ method: 'GET' });
    expect(arrived(stub.received)).toEqual(delivered(record.calls));
    for (const { request, fields } of callbacks) {
      expect(request).toMatchObject({ method: 'GET', body: '' });
      expect(isSigned(stub.url, request)).toBe(true);
      const names = Object.keys(fields);
      expect(names).toEqual([...names].sort());
      expect(fields.campId).toBe('c-1');
    }
  });

  it('never tells of the future', async () => {
    const { stub, callbacks } = await run({ zone: 'UTC' });
    for (const { request, fields } of callbacks) {
      for (const time of [fields.StartTime, fields.AnswerTime, fields.EndTime, fields.SessionStart?.slice(0, 23)]) {
        if (time) expect(Date.parse(`${time.replace(' ', 'T')}Z`)).toBeLessThanOrEqual(request.at + 2);
      }
    }
    for (const { at } of eventsIn(stub.received)) expect(Date.parse(String(at))).toBeLessThanOrEqual(Date.now());
  });

  it('is cancelled when the run is stopped, as the last that is heard of it', async () => {
    const stop = new AbortController();
    const { record, stub } = await run({ signal: stop.signal }, ({ body }) => {
      if (body.includes('Event=Hangup')) stop.abort();
      return undefined;
    });
    const changes = eventsIn(stub.received).flatMap(({ change }) => change ?? []);
    expect(changes).toEqual(['started', 'cancelled']);
    expect(eventsIn(stub.received.slice(-1))).toMatchObject([{ type: 'campaign', change: 'cancelled' }]);
    expect(record.finishedAt).toBeNull();
  });

  it('starts a call a little before its session, by three seconds at most', async () => {
    const { callbacks } = await run({ zone: 'UTC', speed: 1, startAt: Date.now() - hour });
    const hangups = callbacks.filter(({ kind }) => kind === 'hangup');
    for (const { fields } of hangups) {
      const [session = '', start = ''] = [fields.SessionStart?.slice(0, 23), fields.StartTime];
      const lag = Date.parse(`${session.replace(' ', 'T')}Z`) - Date.parse(`${start.replace(' ', 'T')}Z`);
      expect(lag).toBeGreaterThanOrEqual(0);
      expect(lag).toBeLessThan(3_000);
    }
    expect(hangups.length).toBeGreaterThan(60);
  });

  it('registers before it dials, says that it starts, and at the end that it is over', async () => {
    const { record, stub } = await run();
    const [first, second] = stub.received;
    const last = eventsIn(stub.received).at(-1);
    expect(first).toMatchObject({ path: '/v1/campaigns', headers: { authorization: 'Bearer key' } });
    expect(CampaignCreate.parse(JSON.parse(first?.body ?? ''))).toMatchObject({
      id: 'c-1',
      name: 'Clinic reminders',
      totalCalls: 60,
      dialer: 'external',
      startedAt: new Date(record.startedAt).toISOString(),
      timezone: 'Asia/Kolkata',
    });
    expect(eventsIn(second ? [second] : [])).toMatchObject([{ type: 'campaign', change: 'started' }]);
    expect(last).toMatchObject({ type: 'campaign', change: 'completed' });
    expect(Date.parse(String(last?.at))).toBe(Math.floor(record.finishedAt ?? 0));
    for (const event of eventsIn(stub.received)) EventInput.parse(event);
  });
});

describe('told by events alone', () => {
  const byEvents = { via: 'events', authId: '', authTokens: [] } as const;
  const sent = { initiated: 'dial', ringing: 'ring', answered: 'answer', machine: 'machine', ended: 'hangup' } as const;
  const told = (received: readonly Received[]): string[] =>
    eventsIn(received)
      .flatMap(({ type, callId }) =>
        callId === undefined ? [] : [`${sent[type as keyof typeof sent] ?? type} ${callId}`],
      )
      .sort();

  it('sends no callback, needs no account, and tells of each call what happened to it and when', async () => {
    const { record, stub } = await run({ ...byEvents, speed: 1, startAt: Date.now() - hour });
    expect(stub.received.filter(isCallback)).toEqual([]);
    for (const event of eventsIn(stub.received)) EventInput.parse(event);
    expect(told(stub.received)).toEqual(delivered(record.calls));
    const ends = new Map(
      eventsIn(stub.received).flatMap((event) => (event.type === 'ended' ? [[event.callId, event]] : [])),
    );
    for (const { callUuid, endedAt, code, duration, totalCost, caller, number } of record.calls) {
      const at = new Date(Math.floor(endedAt)).toISOString();
      const bill = { hangupCode: code, duration, cost: totalCost, currency: 'USD' };
      expect(ends.get(callUuid)).toMatchObject({ at, from: caller, to: number, ...bill });
    }
  });

  it('says that it is registered before it dials, and hangs up its live calls when it is stopped', async () => {
    const stop = new AbortController();
    const before: number[] = [];
    const options = { ...byEvents, speed: 1, startAt: Date.now() - 60_000, hangUpOnStop: true, signal: stop.signal };
    const { record, stub } = await run({
      ...options,
      effects: { sleep: async () => stop.abort() },
      onRegistered: () => before.push(1),
    });
    expect(before).toHaveLength(1);
    const hungUp = record.calls.filter(({ source }) => source === 'API Request');
    expect(hungUp.length).toBeGreaterThan(3);
    expect(record.calls.every(({ ended }) => ended)).toBe(true);
    for (const { callUuid, answeredAt, code } of hungUp) {
      const [end] = eventsIn(stub.received).filter((event) => event.type === 'ended' && event.callId === callUuid);
      expect(end).toMatchObject(
        answeredAt === null ? { status: 'canceled', hangupCode: 1000 } : { status: 'completed', hangupCode: 4000 },
      );
      expect(code).toBe(answeredAt === null ? 1000 : 4000);
    }
    expect(eventsIn(stub.received).at(-1)).toMatchObject({ change: 'cancelled' });
  });
});

describe('history', () => {
  const past = { speed: 1, startAt: Date.now() - 3 * hour };

  it('is told by hangups and events alone, with the times at which it happened', async () => {
    const { record, stub, callbacks } = await run({ ...past, zone: 'America/New_York' });
    expect(new Set(callbacks.map(({ kind }) => kind))).toEqual(new Set(['hangup']));
    const endTimes = new Map(callbacks.map(({ uuid, fields }) => [uuid, fields.EndTime]));
    for (const call of record.calls) {
      expect(endTimes.get(call.callUuid)).toBe(consoleTime(call.endedAt, 'America/New_York'));
    }
    const machines = eventsIn(stub.received).filter(({ type }) => type === 'machine');
    expect(machines.length).toBe(record.calls.filter(({ answeredBy }) => answeredBy === 'machine').length);
    for (const { callId, at } of machines) {
      const call = record.calls.find(({ callUuid }) => callUuid === callId);
      expect(Date.parse(String(at))).toBeGreaterThan(call?.answeredAt ?? Number.NaN);
      expect(Date.parse(String(at))).toBeLessThan(call?.endedAt ?? Number.NaN);
    }
    expect(arrived(stub.received)).toEqual(delivered(record.calls));
    expect(record.finishedAt).toBeLessThan(Date.now() - 2 * hour);
  });

  it('is what the plan without a clock says', async () => {
    const { record } = await run(past);
    const planned = [...timeline(dialingOf({ campaignId: 'c-1', scenario, seed: 'seed' }))].flatMap(
      ({ kind, at, plan }) =>
        kind === 'dial' ? [{ callUuid: plan.callUuid, initiatedAt: past.startAt + at, code: plan.code }] : [],
    );
    expect(record.calls.map(({ callUuid, initiatedAt, code }) => ({ callUuid, initiatedAt, code }))).toEqual(planned);
  });

  it('is the same again with the same seed, and another with another', async () => {
    const calls = async (seed: string) => {
      const { record, stub } = await run({ ...past, seed });
      await stub.close();
      return record.calls;
    };
    const once = await calls('seed');
    expect(await calls('seed')).toEqual(once);
    expect(await calls('other')).not.toEqual(once);
  });

  it('leads into the present: calls that are still live are announced', async () => {
    const stop = new AbortController();
    // The first time that there is something to wait for, the present has been reached.
    const sleep = async () => stop.abort();
    const startAt = Date.now() - 60_000;
    const { record, callbacks } = await run({ startAt, speed: 1, signal: stop.signal, effects: { sleep } });
    const live = record.calls.filter(({ ended }) => !ended).map(({ callUuid }) => callUuid);
    const announced = new Set(callbacks.filter(({ kind }) => kind !== 'hangup').map(({ uuid }) => uuid));
    expect(announced.size).toBeGreaterThan(3);
    for (const uuid of announced) expect(live).toContain(uuid);
    const hungUp = callbacks.filter(({ kind }) => kind === 'hangup').length;
    expect(hungUp).toBe(record.calls.length - live.length);
    expect(hungUp).toBeGreaterThan(3);
    expect(record.finishedAt).toBeNull();
  });
});

describe('faults', () => {
  /** Refuses what is not signed, as a server should. */
  function refuseForgeries(request: Received): Answer {
    return isCallback(request) && !isSigned(stub?.url ?? '', request) ? { status: 403 } : undefined;
  }

  const genuine = ({ received, url }: StubServer) =>
    received.filter((request) => !isCallback(request) || isSigned(url, request));

  it('drop: the record says what never arrived', async () => {
    const { record, stub } = await run({ faults: { drop: 0.3 } });
    expect(arrived(stub.received)).toEqual(delivered(record.calls));
    const fates = record.calls.flatMap(({ fates }) => Object.values(fates));
    expect(fates.filter((fate) => fate === 'dropped').length).toBe(record.traffic.dropped);
    expect(record.traffic.dropped).toBeGreaterThan(40);
    const hangups = callbacksIn(stub.received).filter(({ kind }) => kind === 'hangup').length;
    expect(summarise(asDelivered(record.calls)).ended).toBe(hangups);
    expect(summarise(record.calls).ended).toBeGreaterThan(hangups);
  });

  it('duplicate: the same callback comes again, signed again or byte for byte', async () => {
    const small = { ...scenario, contacts: 15 };
    // Waiting is shortened, or this test alone would take seconds.
    const effects = { sleep: (ms: number) => realEffects.sleep(ms / 50) };
    const { record, stub, callbacks } = await run({ scenario: small, faults: { duplicate: 1 }, effects });
    const once = delivered(record.calls).filter((line) => !line.startsWith('lead'));
    expect(callbacks.map(({ kind, uuid }) => `${kind} ${uuid}`).sort()).toEqual([...once, ...once].sort());
    expect(record.traffic.duplicates).toBe(once.length);
    for (const { request } of callbacks) expect(isSigned(stub.url, request)).toBe(true);
    const nonces = new Set(callbacks.map(({ request }) => request.headers['x-plivo-signature-v3-nonce']));
    expect(nonces.size).toBeGreaterThan(once.length);
    expect(nonces.size).toBeLessThan(callbacks.length);
  });

  it('reorder: rings, answers and machine verdicts come after the hangup', async () => {
    const { record, stub, callbacks } = await run({ faults: { reorder: 1 } });
    expect(arrived(stub.received)).toEqual(delivered(record.calls));
    const order = new Map<string, string[]>();
    for (const { kind, uuid } of callbacks) order.set(uuid, [...(order.get(uuid) ?? []), kind]);
    for (const [first] of order.values()) expect(first).toBe('hangup');
  });

  it('late: callbacks come late', async () => {
    const waits: number[] = [];
    const sleep = async (ms: number) => {
      waits.push(ms);
    };
    const faults = { lateSeconds: 30 };
    const { record } = await run({ faults, speed: 1, startAt: Date.now() - hour, effects: { sleep } });
    expect(waits.length).toBe(record.calls.length);
    expect(Math.max(...waits)).toBeGreaterThan(20_000);
    expect(Math.max(...waits)).toBeLessThan(30_000);
  });

  it('bad signatures: forgeries go ahead of genuine callbacks and do them no harm', async () => {
    const { record, stub, callbacks } = await run({ faults: { badSignatures: 0.5 } }, refuseForgeries);
    const forgeries = callbacks.filter(({ request }) => !isSigned(stub.url, request));
    expect(forgeries.length).toBe(record.traffic.forgeries);
    expect(forgeries.length).toBeGreaterThan(50);
    expect(record.traffic.forgeriesAccepted).toBe(0);
    expect(forgeries.some(({ fields }) => fields.From === '+10000000000')).toBe(true);
    expect(arrived(genuine(stub))).toEqual(delivered(record.calls));
  });

  it('bad signatures: a server that takes them is found out', async () => {
    const { record } = await run({ faults: { badSignatures: 0.5 }, startAt: Date.now() - hour, speed: 1 });
    expect(record.traffic.forgeriesAccepted).toBe(record.traffic.forgeries);
    expect(record.traffic.forgeriesAccepted).toBeGreaterThan(20);
  });
});

describe('a server in trouble', () => {
  const history = { speed: 1, startAt: Date.now() - hour, effects: { sleep: async () => undefined } };

  it('gets everything once it takes it', async () => {
    const seen = new Map<string, number>();
    const { record, stub } = await run(history, ({ target, body }) => {
      const times = (seen.get(target + body) ?? 0) + 1;
      seen.set(target + body, times);
      return times <= 2 ? { status: 503 } : undefined;
    });
    expect(record.undelivered).toEqual([]);
    expect(record.traffic.retries).toBe(2 * record.traffic.delivered);
    expect([...new Set(arrived(stub.received))]).toEqual(delivered(record.calls));
  });

  it('is told no more often than asked, and the record says what is missing', async () => {
    const heard: string[] = [];
    const onUndelivered = ({ callUuid }: { callUuid: string }) => heard.push(callUuid);
    const { record, callbacks } = await run({ ...history, delivery: 'rc=1&rp=5xx', onUndelivered }, (request) =>
      isCallback(request) ? { status: 500 } : undefined,
    );
    expect(callbacks.length).toBe(2 * record.calls.length);
    expect(record.undelivered.length).toBe(record.calls.length);
    expect(record.undelivered[0]).toMatchObject({ kind: 'hangup', reason: 'answered 500' });
    expect(heard).toEqual(record.undelivered.map(({ callUuid }) => callUuid));
  });

  it('says why it rejects an event', async () => {
    const results = [{ index: 0, result: 'rejected', code: 'validation-failed', message: 'no' }];
    const { record } = await run(history, ({ path, body }) =>
      path === '/v1/events' && body.includes('"lead"') ? { status: 200, body: JSON.stringify({ results }) } : undefined,
    );
    const judged = record.calls.filter(({ lead }) => lead !== null).length;
    expect(record.undelivered.length).toBe(judged);
    expect(record.undelivered[0]).toMatchObject({ kind: 'lead', reason: 'rejected: validation-failed, no' });
  });

  it.each([
    [401, 'The server refused the API key (401).'],
    [409, 'The server refused campaign c-1: answered 409 campaign-exists.'],
  ])('that refuses the campaign with %i ends the run', async (status, message) => {
    const body = '{"code":"campaign-exists"}';
    const refused = run({}, ({ path }) => (path === '/v1/campaigns' ? { status, body } : undefined));
    await expect(refused).rejects.toThrow(new RefusedError(status, message));
    expect(stub?.received.length).toBe(1);
  });

  it('that is away does not keep a stopped run', async () => {
    const stop = new AbortController();
    const sleep = async () => stop.abort();
    const { record } = await run({ signal: stop.signal, effects: { sleep } }, () => ({ status: 503 }));
    expect(record).toMatchObject({ finishedAt: null, calls: [] });
  });
});
