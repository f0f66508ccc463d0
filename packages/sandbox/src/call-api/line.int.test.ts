import { afterEach, describe, expect, it } from 'vitest';
import { type ApiWorld, answering, ringing, startApiWorld, until, type WorldOptions } from '../testing/api-world.ts';

let world: ApiWorld;
afterEach(() => world.close());

async function start(options: WorldOptions = {}): Promise<ApiWorld> {
  world = await startApiWorld({ scenario: ringing, speed: 1, ...options });
  return world;
}

const numbers = Array.from({ length: 6 }, (_, index) => `+9190000000${10 + index}`);

describe('calls per second', () => {
  it('are kept to: what is asked for beyond them waits, and is placed in order', async () => {
    const { dial, api } = await start({ callsPerSecond: 5 });
    const replies = [];
    for (const number of numbers) replies.push(await dial(number));
    expect(replies.map(({ status }) => status)).toEqual(numbers.map(() => 201));
    expect(replies[0]?.body.message).toBe('call fired');
    expect(replies.at(-1)?.body.message).toBe('call queued');
    expect(api.summary().counts).toMatchObject({ posts: 6 });
    expect(api.summary().counts.queued + api.summary().counts.live).toBe(6);
    expect(api.summary().counts.queued).toBeGreaterThan(0);
    await until(() => api.placed.length === 6);
    expect(api.placed.map(({ number }) => number)).toEqual(numbers);
    // However late a timer is, the rate holds from the first to the last.
    const [first, last] = [api.placed[0], api.placed.at(-1)].map((call) => call?.initiatedAt ?? 0);
    expect(Number(last) - Number(first)).toBeGreaterThanOrEqual(5 * 200 - 1);
  });

  it('are an account’s own, and a call that comes after a pause does not wait', async () => {
    const { dial, api } = await start({ callsPerSecond: 50 });
    await dial(numbers[0] ?? '');
    await until(() => Date.now() - (api.placed[0]?.initiatedAt ?? Date.now()) > 25);
    expect((await dial(numbers[1] ?? '')).body.message).toBe('call fired');
  });
});

describe('concurrency', () => {
  it('is kept to: the call beyond it ends at once with code 5030', async () => {
    const { dial, api, heard, ask } = await start({ concurrency: 2 });
    for (const number of numbers.slice(0, 3)) expect((await dial(number)).status).toBe(201);
    await until(() => heard('hangup').length === 1);
    expect(heard('hangup')[0]?.form).toMatchObject({ HangupCauseCode: '5030', To: '919000000012' });
    expect(api.summary().counts).toMatchObject({ live: 2, over: 1 });
    await ask('DELETE', `/Call/${api.placed[0]?.callUuid}/`);
    await dial(numbers[3] ?? '');
    await until(() => api.placed.length === 4);
    expect(api.summary().counts).toMatchObject({ live: 2, over: 2 });
  });
});

describe('the limit of requests', () => {
  it('holds for any five seconds: what is beyond it is 429', async () => {
    const { ask, api } = await start({ requestsPer5Seconds: 3 });
    const statuses = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await ask('GET', '/Call/')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(api.posts).toEqual([]);
  });
});

describe('DELETE', () => {
  it('ends a live call: a ringing one is cancelled', async () => {
    const { dial, ask, api, heard } = await start({ scenario: answering });
    const { body } = await dial(numbers[0] ?? '');
    await until(() => heard('ring').length === 1);
    expect((await ask('DELETE', `/Call/${body.request_uuid}/`)).status).toBe(204);
    await until(() => heard('hangup').length === 1);
    expect(heard('hangup')[0]?.form).toMatchObject({
      ...{ HangupCauseCode: '1000', HangupSource: 'API Request', CallStatus: 'cancel', AnswerTime: '' },
    });
    expect(api.placed[0]).toMatchObject({ ended: true, outcome: 'canceled', answeredBy: null, answeredAt: null });
    expect((await ask('DELETE', `/Call/${body.request_uuid}/`)).status).toBe(404);
  });

  it('ends a live call: one that was answered is completed', async () => {
    const scenario = { ...answering, shortCalls: 0, talk: { medianSeconds: 3_000, sigma: 0.01 } };
    const { dial, ask, heard } = await start({ scenario, speed: 50 });
    const { body } = await dial(numbers[0] ?? '');
    await until(() => heard('answer').length === 1);
    await ask('DELETE', `/Call/${body.request_uuid}/`);
    await until(() => heard('hangup').length === 1);
    expect(heard('hangup')[0]?.form).toMatchObject({ HangupCauseCode: '4000', HangupSource: 'API Request' });
    expect(world.api.placed[0]).toMatchObject({ outcome: 'completed', answeredBy: 'human', ended: true });
  });

  it('takes a waiting call from the queue, by either of its names, so that it is never placed', async () => {
    const { dial, ask, api } = await start({ callsPerSecond: 1, separateUuids: true });
    await dial(numbers[0] ?? '');
    const second = await dial(numbers[1] ?? '');
    await dial(numbers[2] ?? '');
    const waiting = async () => (await ask('GET', '/Call/?status=queued')).body.calls;
    const [, third] = await waiting();
    expect((await ask('DELETE', `/Request/${second.body.request_uuid}/`)).status).toBe(204);
    expect(await waiting()).toEqual([third]);
    expect((await ask('DELETE', `/Call/${third}/`)).status).toBe(204);
    expect((await ask('DELETE', `/Request/${second.body.request_uuid}/`)).status).toBe(404);
    expect(api.summary().counts).toMatchObject({ queued: 0, cancelled: 2, calls: 1 });
    // The next one comes in their place: the queue did not stop.
    await dial(numbers[3] ?? '');
    await until(() => api.placed.length === 2);
    expect(api.placed[1]?.number).toBe(numbers[3]);
  });

  it('without an id ends every live call', async () => {
    const { dial, ask, api } = await start();
    for (const number of numbers.slice(0, 3)) await dial(number);
    await until(() => api.placed.length === 3);
    expect((await ask('DELETE', '/Call/')).status).toBe(204);
    expect(api.summary().counts).toMatchObject({ live: 0, over: 3 });
  });
});
