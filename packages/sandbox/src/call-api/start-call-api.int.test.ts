import { afterEach, describe, expect, it } from 'vitest';
import { scenarios } from '../scenarios.ts';
import { type ApiWorld, isGenuine, ringing, startApiWorld, until, type WorldOptions } from '../testing/api-world.ts';

let world: ApiWorld;
afterEach(() => world.close());

async function start(options: WorldOptions = {}): Promise<ApiWorld> {
  world = await startApiWorld(options);
  return world;
}

const allOver = (calls: number) =>
  until(() => world.heard('hangup').length >= calls && world.api.summary().counts.live === 0);
const call = (index = 0) => {
  const placed = world.api.placed[index];
  if (placed === undefined) throw new Error(`no call ${index} was placed`);
  return placed;
};

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
      expect(isGenuine(dialer, request)).toBe(true);
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
      fates: {
        dial: 'none',
        ring: 'delivered',
        answer: 'delivered',
        machine: 'none',
        hangup: 'delivered',
        lead: 'none',
      },
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
