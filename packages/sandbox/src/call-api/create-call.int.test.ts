import { afterEach, describe, expect, it } from 'vitest';
import { type ApiWorld, authId, authToken, startApiWorld, until, type WorldOptions } from '../testing/api-world.ts';

let world: ApiWorld;
afterEach(() => world.close());

async function start(options: WorldOptions = {}): Promise<ApiWorld> {
  world = await startApiWorld(options);
  return world;
}

const number = '919000000001';

describe('a fault of a request for a call', () => {
  it('lost-answer: the call is made, and nobody is told', async () => {
    const { api, dial, heard } = await start();
    api.faults.next('lost-answer');
    await expect(dial(number)).rejects.toThrow();
    await until(() => heard('hangup').length === 1);
    expect(api.placed).toMatchObject([{ number: `+${number}`, attemptId: 'a-1' }]);
    expect(api.posts).toMatchObject([{ fault: 'lost-answer', status: null, requestUuid: api.placed[0]?.requestUuid }]);
    expect((await dial(number)).status).toBe(201);
  });

  it('fail-after: the call is made, and called a failure', async () => {
    const { api, dial, heard } = await start();
    api.faults.next('fail-after');
    expect(await dial(number)).toMatchObject({ status: 500, body: { error: expect.any(String) } });
    await until(() => heard('hangup').length === 1);
    expect(api.placed).toHaveLength(1);
  });

  it.each([
    ['fail-before', 503, null],
    ['refuse-429', 429, '1'],
    ['refuse-429-bare', 429, null],
    ['payment-required', 402, null],
    ['unauthorised', 401, null],
  ] as const)('%s: no call is made, and the answer is %i', async (fault, status, retryAfter) => {
    const { api, dial } = await start();
    api.faults.next(fault, 2);
    for (let i = 0; i < 2; i += 1) {
      const reply = await dial(number);
      expect(reply.status).toBe(status);
      expect(reply.headers.get('retry-after')).toBe(retryAfter);
    }
    expect((await dial(number)).status).toBe(201);
    await until(() => api.placed.length === 1);
    expect(api.posts.map((post) => post.requestUuid !== null)).toEqual([false, false, true]);
  });

  it('out-of-credits: the call is made and ends at once', async () => {
    const { api, dial, heard } = await start();
    api.faults.next('out-of-credits');
    expect((await dial(number)).status).toBe(201);
    await until(() => heard('hangup').length === 1);
    expect(heard('hangup')[0]?.form).toMatchObject({ HangupCauseCode: '1010', AnswerTime: '' });
    expect(heard('ring')).toEqual([]);
  });

  it('slow: the call is made long before it is answered', async () => {
    const { api, dial } = await start({ faults: { slowMs: 60_000 } });
    api.faults.next('slow');
    const answered = dial(number).catch(() => 'given up');
    await until(() => api.placed.length === 1);
    expect(api.posts[0]).toMatchObject({ fault: 'slow', status: null });
    await api.close();
    await answered;
  });

  it('hang: the call is made when the request is looked at, though nobody waits any more', async () => {
    const { api, dial, dialer } = await start({ faults: { hangMs: 300 } });
    api.faults.next('hang', 2);
    const asked = dial(number);
    await until(() => api.posts.length === 1);
    expect(api.placed).toEqual([]);
    expect((await asked).status).toBe(201);
    expect(Number(api.placed[0]?.initiatedAt) - Number(api.posts[0]?.at)).toBeGreaterThanOrEqual(299);
    const giveUp = new AbortController();
    const abandoned = fetch(`${api.url}/v1/Account/${authId}/Call/`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}` },
      body: JSON.stringify({ from: number, to: number, answer_url: `${dialer.url}/answer` }),
      signal: giveUp.signal,
    });
    await until(() => api.posts.length === 2);
    giveUp.abort();
    await expect(abandoned).rejects.toThrow();
    await until(() => api.placed.length === 2);
  });

  it('forbidden: numbers that begin so are answered 403', async () => {
    const { api, dial } = await start({ faults: { forbidden: ['+9190'] } });
    expect((await dial(number)).status).toBe(403);
    expect((await dial('918000000001')).status).toBe(201);
    await until(() => api.placed.length === 1);
  });

  it('by shares meets the same requests each time', async () => {
    const faults = { shares: { 'fail-before': 0.3, unauthorised: 0.2 } };
    const statuses = async () => {
      const { dial } = await start({ faults, seed: 'shares' });
      const found = [];
      for (let i = 0; i < 40; i += 1) found.push((await dial(`9190000000${10 + i}`)).status);
      return found;
    };
    const first = await statuses();
    await world.close();
    expect(await statuses()).toEqual(first);
    for (const status of [201, 401, 503]) expect(first).toContain(status);
  });
});
