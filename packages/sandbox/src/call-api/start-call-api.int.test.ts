import { validateV3Signature } from 'plivo/dist/utils/v3Security.js';
import { afterEach, describe, expect, it } from 'vitest';
import { noFaults } from '../faults.ts';
import { scenarios } from '../scenarios.ts';
import {
  type ApiWorld,
  answering,
  authToken,
  machines,
  ringing,
  startApiWorld,
  type WorldOptions,
} from '../testing/api-world.ts';
import { eventsIn } from '../testing/plivo-inbox.ts';
import { type Received, startStub } from '../testing/stub-server.ts';

let world: ApiWorld;
afterEach(() => world.close());

async function start(options: WorldOptions = {}): Promise<ApiWorld> {
  world = await startApiWorld(options);
  return world;
}

const patience = { timeout: 20_000 };
const until = (isSo: () => boolean) => expect.poll(isSo, patience).toBe(true);
const allOver = (calls: number) =>
  until(() => world.heard('hangup').length >= calls && world.api.summary().counts.live === 0);
const call = (index = 0) => {
  const placed = world.api.placed[index];
  if (placed === undefined) throw new Error(`no call ${index} was placed`);
  return placed;
};

/** Whether the vendor's own SDK takes the callback for genuine. */
function isGenuine(request: Received): boolean {
  const { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce } = request.headers;
  const url = world.dialer.url + request.target;
  const given = request.method === 'POST' ? request.form : {};
  return validateV3Signature(
    request.method === 'GET' ? 'GET' : 'POST',
    url,
    String(nonce),
    authToken,
    String(signature),
    given,
  );
}

describe('a call that is asked for', () => {
  it('is made: its callbacks come in order to the URLs that were given, signed as the vendor’s SDK wants', async () => {
    const { dial, dialer, heard } = await start();
    const { status, body } = await dial('919000000001');
    expect(status).toBe(201);
    expect(body).toEqual({ api_id: expect.any(String), message: 'call fired', request_uuid: expect.any(String) });
    await allOver(1);
    expect(dialer.received.map(({ path }) => path)).toEqual(['/ring', '/answer', '/hangup']);
    for (const request of dialer.received) {
      expect(request.target).toBe(`${request.path}?campId=c-1&attemptId=a-1`);
      expect(isGenuine(request)).toBe(true);
      expect(request.form).toMatchObject({ CallUUID: body.request_uuid, RequestUUID: body.request_uuid });
    }
    expect(heard('hangup')[0]?.form).toMatchObject({ CallStatus: 'completed', To: '919000000001' });
  });

  it('is written down as it was, with what became of each callback', async () => {
    const { dial, api, heard } = await start();
    await dial('+919000000001');
    await allOver(1);
    await api.settle();
    expect(call()).toMatchObject({
      ...{ number: '+919000000001', caller: '+918035735601', contact: 0, attempt: 1 },
      ...{ campaignId: 'c-1', attemptId: 'a-1', ended: true, answeredBy: 'human', outcome: 'completed' },
      fates: { ring: 'delivered', answer: 'delivered', machine: 'none', hangup: 'delivered', lead: 'none' },
    });
    expect(heard('hangup')[0]?.form).toMatchObject({
      HangupCauseCode: String(call().code),
      Duration: String(call().duration),
      TotalCost: call().totalCost,
    });
    expect(api.posts).toEqual([
      {
        at: expect.any(Number),
        authId: 'MAAPI',
        fault: null,
        status: 201,
        requestUuid: call().requestUuid,
        attemptId: 'a-1',
      },
    ]);
    expect(api.summary()).toMatchObject({
      counts: { posts: 1, queued: 0, calls: 1, live: 0, over: 1, cancelled: 0 },
      ledger: { reached: 1, inFlight: 0, unreached: 0 },
      dialedTwice: [],
    });
  });

  it('goes the same way for the same seed, number and turn, whatever else is called', async () => {
    const course = () => world.api.placed.filter(({ number }) => number === '+919000000007').map(courseOf);
    const courseOf = ({ code, attempt, initiatedAt, endedAt }: ReturnType<typeof call>) => ({
      code,
      attempt,
      seconds: ((endedAt - initiatedAt) / 5).toFixed(3),
    });
    const { dial } = await start({ seed: 's' });
    for (const number of ['919000000007', '919000000008', '919000000007']) await dial(number);
    const first = course();
    await world.close();
    await start({ seed: 's' });
    for (const number of ['919000000007', '919000000007']) await world.dial(number);
    expect(course()).toEqual(first);
    expect(first.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(first[0]?.seconds).not.toBe(first[1]?.seconds);
  });

  it('may have a CallUUID that is not its RequestUUID', async () => {
    const { dial, ask, heard } = await start({ separateUuids: true });
    const { body } = await dial('919000000001');
    await allOver(1);
    expect(heard('hangup')[0]?.form).toMatchObject({ RequestUUID: body.request_uuid, CallUUID: call().callUuid });
    expect(call().callUuid).not.toBe(body.request_uuid);
    expect((await ask('GET', `/Call/${call().callUuid}/`)).status).toBe(200);
    expect((await ask('GET', `/Call/${body.request_uuid}/`)).status).toBe(404);
  });

  it('rings no longer, and lasts no longer, than it may', async () => {
    const { dial, heard } = await start({ scenario: ringing });
    await dial('919000000001', { ring_timeout: 30 });
    await allOver(1);
    expect(heard('hangup')[0]?.form).toMatchObject({ HangupCauseCode: '6010', AnswerTime: '' });
    await world.close();
    await start();
    await world.dial('919000000001', { time_limit: 1 });
    await allOver(1);
    expect(world.heard('hangup')[0]?.form).toMatchObject({ HangupCauseCode: '6000' });
  });

  it('is refused for a missing or unusable field, without a call', async () => {
    const { dial, ask, api } = await start();
    for (const changes of [
      { from: '' },
      { to: undefined },
      { answer_url: null },
      { to: '911<912' },
      { ring_timeout: 'x' },
    ]) {
      const { status, body } = await dial('919000000001', changes);
      expect(status).toBe(400);
      expect(body).toEqual({ api_id: expect.any(String), error: expect.any(String) });
    }
    expect((await ask('POST', '/Call/', 'not json')).status).toBe(400);
    expect(api.placed).toEqual([]);
    expect(api.posts).toHaveLength(6);
  });

  it('wants the account’s id and token', async () => {
    const { ask, api } = await start();
    expect((await ask('POST', '/Call/', {}, 'wrong')).status).toBe(401);
    expect((await fetch(`${api.url}/v1/Account/MAOTHER/Call/`)).status).toBe(401);
    expect((await ask('GET', '/Number/')).status).toBe(401);
  });
});

describe('machine detection', () => {
  const machineUrl = () => ({ machine_detection_url: `${world.dialer.url}/machine?campId=c-1` });

  it('tells its verdict to its own URL, and lets the call go on or ends it', async () => {
    const { dial, heard } = await start({ scenario: machines });
    await dial('919000000001', { machine_detection: 'true', ...machineUrl() });
    await dial('919000000002', { machine_detection: 'hangup', ...machineUrl() });
    await allOver(2);
    expect(
      heard('machine')
        .map(({ form }) => form.IfMachine)
        .sort(),
    ).toEqual(['continue', 'hangup']);
    expect(world.api.placed.map(({ code, outcome }) => [code, outcome])).toEqual([
      [4010, 'machine'],
      [9100, 'machine'],
    ]);
    for (const request of heard('machine')) expect(isGenuine(request)).toBe(true);
  });

  it('without a URL of its own tells it with the answer or the hangup', async () => {
    const { dial, heard, api } = await start({ scenario: machines });
    await dial('919000000001', { machine_detection: 'true' });
    await dial('919000000002', { machine_detection: 'hangup' });
    await allOver(2);
    expect(heard('answer').map(({ form }) => [form.Machine, form.To])).toEqual([['true', '919000000001']]);
    expect(heard('hangup').map(({ form }) => form.Machine)).toEqual(['true', 'true']);
    await api.settle();
    expect(call().fates.machine).toBe('delivered');
  });

  it('takes a machine for a person where nobody looks', async () => {
    const { dial, heard } = await start({ scenario: machines });
    await dial('919000000001');
    await allOver(1);
    expect(heard('hangup')[0]?.form.Machine).toBeUndefined();
    expect(call()).toMatchObject({ answeredBy: 'human', outcome: 'completed' });
  });
});

describe('the answer document', () => {
  it.each([
    ['Hangup', 200, '<Response><Hangup/></Response>', { HangupCauseCode: '4000', HangupSource: 'Answer XML' }],
    ['nothing', 200, '<Response/>', { HangupCauseCode: '4010', HangupSource: 'Answer XML' }],
    ['no document', 200, '<Response><Speak></Response>', { HangupCauseCode: '8011', HangupSource: 'Error' }],
    ['an error', 404, '', { HangupCauseCode: '7011', HangupSource: 'Error' }],
  ] as const)('that is %s ends the call at once', async (_what, status, body, expected) => {
    world = await startApiWorld({
      answer: ({ path }) => (path === '/answer' ? { status, body } : undefined),
      // Answered within half a second, and then it would last for a minute.
      speed: 20,
      scenario: {
        ...machines,
        machine: { share: 0, hungUp: 0 },
        talk: { medianSeconds: 1_200, sigma: 0.01 },
        shortCalls: 0,
      },
    });
    await world.dial('919000000001', { answer_url: `${world.dialer.url}/answer?attemptId=x` });
    await allOver(1);
    expect(world.heard('hangup')[0]?.form).toMatchObject({ CallStatus: 'completed', ...expected });
    expect(world.heard('hangup')[0]?.form.AnswerTime).not.toBe('');
  });
});

describe('callbacks of a call', () => {
  it('are tried again as the fragment of their URL says, which is not sent', async () => {
    let refused = 0;
    const { dial, dialer, heard } = await start({
      answer: ({ path }) => (path === '/hangup' && refused++ < 2 ? { status: 503 } : undefined),
    });
    await dial('919000000001', { ring_url: undefined });
    await until(() => heard('hangup').length === 3);
    expect(new Set(heard('hangup').map(({ target }) => target))).toEqual(new Set(['/hangup?campId=c-1&attemptId=a-1']));
    await world.api.settle();
    expect(call().fates).toMatchObject({ ring: 'none', hangup: 'delivered' });
    refused = 0;
    await dial('919000000002', { hangup_url: `${dialer.url}/hangup?attemptId=a-2` });
    await until(() => heard('hangup').length === 4);
    await world.api.settle();
    expect(call(1).fates.hangup).toBe('undelivered');
    expect(world.api.summary().undelivered).toBe(1);
  });

  it('come by GET where that is asked for', async () => {
    const { dial, heard } = await start();
    await dial('919000000001', { hangup_method: 'GET' });
    await until(() => heard('hangup').length === 1);
    const [request] = heard('hangup');
    expect(request?.method).toBe('GET');
    expect(request && isGenuine(request)).toBe(true);
    expect(request?.query.get('CallUUID')).toBe(call().callUuid);
  });

  it('meet faults that are set while calls are made', async () => {
    const { dial, heard, api } = await start();
    api.faults.set({ callbacks: { ...noFaults, drop: 1 } });
    await dial('919000000001');
    await until(() => api.summary().counts.over === 1);
    await api.settle();
    expect(call().fates).toMatchObject({ ring: 'dropped', answer: 'dropped', hangup: 'dropped' });
    expect(world.dialer.received).toEqual([]);
    api.faults.set({ callbacks: { ...noFaults, badSignatures: 1 } });
    await dial('919000000002');
    await until(() => heard('hangup').length === 2);
    expect(heard('hangup').map(isGenuine)).toEqual([false, true]);
  });

  it('are followed by the verdict of a voice bot where there is one', async () => {
    const bot = await startStub();
    const scenario = { ...answering, lead: { judged: 1, beforeHangup: 0.5, mix: { hot: 1, warm: 0, cold: 0 } } };
    const { dial, api } = await start({ scenario, leads: { url: bot.url, key: 'key' } });
    await dial('919000000001');
    await until(() => eventsIn(bot.received).length === 1);
    expect(eventsIn(bot.received)[0]).toMatchObject({
      ...{ type: 'lead', campaignId: 'c-1', callId: call().callUuid, to: '+919000000001', leadStatus: call().lead },
    });
    expect(bot.received[0]?.headers.authorization).toBe('Bearer key');
    await api.settle();
    expect(call().fates.lead).toBe('delivered');
    await bot.close();
  });
});

describe('hundreds of calls a second', () => {
  it('are all played to their end, each with one hangup, and the account is right to the last', async () => {
    const calls = 900;
    const { dial, api, heard } = await start({ callsPerSecond: 300, scenario: scenarios.steady });
    for (let from = 0; from < calls; from += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => dial(`9190000${10_000 + from + index}`)));
    }
    await until(() => api.summary().counts.over === calls);
    await api.settle();
    const told = heard('hangup').map(({ form }) => [form.CallUUID, form.HangupCauseCode].join());
    expect(told.sort()).toEqual(api.placed.map(({ callUuid, code }) => [callUuid, code].join()).sort());
    const { totals, ledger, dialedTwice, counts } = api.summary('c-1');
    expect(counts).toMatchObject({ posts: calls, calls, queued: 0, live: 0 });
    expect([totals.attempts, totals.contactsTried, totals.reached]).toEqual([calls, calls, ledger.reached]);
    expect(ledger.reached + ledger.unreached).toBe(calls);
    expect(dialedTwice).toEqual([]);
    // A rate is kept where so many calls lie at least so far apart.
    const [first, last] = [api.placed[0], api.placed.at(-1)].map((placed) => placed?.initiatedAt ?? 0);
    expect(Number(last) - Number(first)).toBeGreaterThanOrEqual(((calls - 1) * 1_000) / 300 - 1_000);
  });

  it('do not fill the memory: the oldest are forgotten', async () => {
    const { dial, api, ask } = await start({ remember: 3, speed: 1_000 });
    for (let index = 0; index < 5; index += 1) {
      await dial(`91900000000${index}`);
      await until(() => api.summary().counts.live + api.summary().counts.queued === 0);
    }
    expect(api.placed.map(({ number }) => number.at(-1))).toEqual(['2', '3', '4']);
    expect((await ask('GET', '/Call/')).body.meta.total_count).toBe(3);
  });
});
