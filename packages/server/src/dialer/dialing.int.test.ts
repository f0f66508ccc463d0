import type { CallApi } from '@ringside/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Internals } from '../server.ts';
import {
  type DialingWorld,
  dialingWorld,
  everybodyAnswers,
  nobodyAnswers,
  REF,
  sandbox,
} from '../testing/dialing-world.ts';
import { movableClock } from '../testing/movable-clock.ts';
import { AUTH_ID, temporaryFolder } from '../testing/running-server.ts';

const patience = { timeout: 40_000, interval: 20 };
const long = { timeout: 60_000 };
/** Calls that last so long that they are live while a test looks. */
const slow = { scenario: { ...everybodyAnswers, shortCalls: 0, talk: { medianSeconds: 400, sigma: 0.01 } }, speed: 70 };

let folder: ReturnType<typeof temporaryFolder>;
let api: CallApi;
let world: DialingWorld;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await world.stop();
  await api.close();
  folder.remove();
});

async function begin(
  options: Parameters<typeof sandbox>[0] = {},
  env: Record<string, string> = {},
  internals: Internals = {},
): Promise<void> {
  api = await sandbox(options);
  world = await dialingWorld({ api, folder: folder.path, env, internals });
}

const completed = () => expect.poll(() => world.phase(), patience).toBe('completed');
const placed = (count: number) => expect.poll(() => api.placed.length, patience).toBeGreaterThanOrEqual(count);
const blockers = async () => (await world.report()).blockers.map(({ code }) => code);

/** Each of so many contacts was called exactly once. */
function expectEachOnce(contacts: number): void {
  expect(api.summary().dialedTwice).toEqual([]);
  const numbers = api.placed.map(({ number }) => number);
  expect({ calls: numbers.length, numbers: new Set(numbers).size }).toEqual({ calls: contacts, numbers: contacts });
}

describe('a campaign that Ringside dials', () => {
  it('calls each contact once, and is complete with the provider’s own record', long, async () => {
    await begin();
    await world.campaign(60);
    await completed();
    expectEachOnce(60);
    const { progress, phase } = await world.report();
    expect(phase).toBe('completed');
    expect(progress).toMatchObject({ attempts: 60, completedCalls: api.summary().ledger.reached });
    expect((await world.timeline())?.at(-1)).toMatchObject({
      ...{ kind: 'completed', actor: 'dialer', reason: 'every contact is settled' },
    });
  });

  it('calls again by the retry policy, and no more often than it says', long, async () => {
    await begin({ scenario: nobodyAnswers });
    await world.campaign(10, { retry: { maxAttempts: 3, delaySeconds: 0 } });
    await completed();
    expect(api.placed).toHaveLength(30);
    expect((await world.report()).progress).toMatchObject({ attempts: 30, ledger: { unreached: 10, reached: 0 } });
  });

  it('never has more calls under way than the campaign allows', long, async () => {
    await begin();
    await world.campaign(40, { pace: { concurrency: 3 } });
    await completed();
    expectEachOnce(40);
    const most = api.placed.map(
      ({ initiatedAt: at }) => api.placed.filter((one) => one.initiatedAt <= at && one.endedAt > at).length,
    );
    expect(Math.max(...most)).toBe(3);
  });

  it('takes contacts by their ids, whatever these look like', long, async () => {
    await begin();
    await world.campaign(0);
    const contactId = 'é&#/1 +%';
    const row = { number: '+919000000001', contactId, zone: null, attributes: { city: 'Pune' } };
    await world.store.dial.addToList(REF, [row], Date.now());
    await completed();
    const calls = await (await world.get('/v1/campaigns/c1/calls')).json();
    expect(calls).toMatchObject({ items: [{ contactId, attributes: { city: 'Pune' } }] });
  });

  it('calls nobody outside the hours, and nobody after the deadline', long, async () => {
    await begin();
    const yesterday = new Date(Date.now() - 86_400_000).getUTCDay() || 7;
    const weekly = [{ days: [yesterday], from: '00:00', to: '00:01' }];
    await world.campaign(5, { windows: { zone: 'campaign', weekly, holidays: [] } });
    await expect.poll(blockers, patience).toContain('outside-calling-window');
    await world.patch({ deadline: new Date(Date.now() - 60_000).toISOString() });
    await completed();
    expect(api.posts).toEqual([]);
    expect((await world.timeline())?.at(-1)).toMatchObject({ kind: 'completed', reason: 'its deadline has passed' });
  });

  it('goes on with contacts that come after its end, when it is resumed', long, async () => {
    await begin();
    await world.campaign(5);
    await completed();
    await expect.poll(() => world.store.dial.dialedCampaigns(), patience).toEqual([]);
    await world.addContacts(8, REF);
    expect((await world.post('/v1/campaigns/c1/resume', {})).status).toBe(200);
    await expect.poll(() => api.placed.length, patience).toBe(8);
    await completed();
    expectEachOnce(8);
  });

  it('calls nobody outside the hours who was taken within them, and waited for the account', long, async () => {
    await begin({}, {}, { dialing: { firstHoldMs: 2_000 } });
    api.faults.next('unauthorised', 1);
    // Both are taken at once; the first is refused before it is the turn of the second.
    await world.campaign(2, { pace: { callsPerSecond: 2 } });
    await expect.poll(blockers, patience).toContain('account-refused');
    const yesterday = new Date(Date.now() - 86_400_000).getUTCDay() || 7;
    const weekly = [{ days: [yesterday], from: '00:00', to: '00:01' }];
    await world.patch({ windows: { zone: 'campaign', weekly, holidays: [] } });
    const waiting = async () => (await world.store.dial.queueFacts(REF, null, Date.now())).waiting;
    await expect.poll(waiting, patience).toBe(2);
    expect(api.placed).toEqual([]);
  });

  it('is paused at once, and resumed dials exactly the rest', long, async () => {
    await begin();
    await world.campaign(80, { pace: { callsPerSecond: 40 } });
    await placed(15);
    await world.say('paused');
    const ended = async () => (await world.phase()) === 'paused';
    await expect.poll(ended, patience).toBe(true);
    const pausedAfter = api.posts.length;
    // What had been taken off the list for it is back there.
    const waiting = async () => (await world.store.dial.queueFacts(REF, null, Date.now())).waiting;
    await expect.poll(waiting, patience).toBe(80 - pausedAfter);
    expect(api.posts).toHaveLength(pausedAfter);
    await world.say('resumed');
    await completed();
    expectEachOnce(80);
  });

  it('obeys a pause though the clock was set back, and goes on to its end', long, async () => {
    const clock = movableClock();
    await begin({}, {}, clock);
    await world.campaign(40, { pace: { callsPerSecond: 8 } });
    await placed(1);
    clock.step(600_000);
    await placed(4);
    clock.step(-7_200_000);
    expect((await world.post('/v1/campaigns/c1/pause', {})).status).toBe(200);
    const waiting = async () => (await world.store.dial.queueFacts(REF, null, clock.now())).waiting;
    await expect.poll(async () => (await waiting()) + api.posts.length, patience).toBe(40);
    expect(api.posts.length).toBeLessThan(30);
    await world.post('/v1/campaigns/c1/resume', {});
    await completed();
    expectEachOnce(40);
  });

  it('calls again and ends no later because the clock was set back after retries were planned', long, async () => {
    const clock = movableClock();
    await begin({ scenario: nobodyAnswers }, {}, clock);
    await world.campaign(6, { retry: { maxAttempts: 2, delaySeconds: 5 } });
    const planned = async () => (await world.report()).progress.ledger.waitingRetry;
    await expect.poll(planned, patience).toBeGreaterThan(0);
    clock.step(-7_200_000);
    await completed();
    expect(api.placed).toHaveLength(12);
  });

  it('goes on after its end with contacts that were added since', long, async () => {
    await begin();
    await world.campaign(3);
    await completed();
    const isLookedAt = async () => (await world.store.dial.dialedCampaigns()).length;
    await expect.poll(isLookedAt, patience).toBe(0);
    const row = { number: '+919000000099', contactId: null, zone: null, attributes: null };
    await world.store.dial.addToList(REF, [row], Date.now());
    expect((await world.post('/v1/campaigns/c1/resume', {})).status).toBe(200);
    await placed(4);
    expectEachOnce(4);
  });

  it('starts nothing after it was cancelled, though live calls go on', long, async () => {
    await begin(slow);
    await world.campaign(50, { pace: { callsPerSecond: 10 } });
    await placed(5);
    await world.say('cancelled');
    await expect.poll(() => world.phase(), patience).toBe('cancelled');
    const { ledger } = (await world.report()).progress;
    expect(ledger).toMatchObject({ inFlight: 0, reached: api.placed.length, excluded: 50 - api.placed.length });
    expect(api.placed.length).toBeLessThan(50);
  });

  it('hangs up live calls when it is told to', long, async () => {
    // None ends by itself.
    await begin({ ...slow, scenario: { ...slow.scenario, talk: { medianSeconds: 12_000, sigma: 0.01 } } });
    await world.campaign(6);
    await placed(6);
    await world.say('paused');
    await expect.poll(async () => (await world.report()).callMetrics.activeCalls, patience).toBe(6);
    await expect.poll(() => world.services.dialers.hangUpLive(REF), patience).toBe(6);
    await expect.poll(() => world.phase(), patience).toBe('paused');
    expect(api.placed.every(({ source }) => source === 'API Request')).toBe(true);
  });
});

describe('a call that nobody knows of whether it was made', () => {
  it.each(['lost-answer', 'fail-after'] as const)(
    'is not made again after %s: its callbacks prove it',
    long,
    async (fault) => {
      await begin();
      api.faults.next(fault, 2);
      await world.campaign(12, { pace: { callsPerSecond: 20 } });
      await completed();
      expectEachOnce(12);
      expect(world.services.dialers.counts).toMatchObject({ proved: { placed: 2, notPlaced: 0 } });
    },
  );

  it('is found in the provider’s lists where no callback comes', long, async () => {
    await begin({ faults: { callbacks: { duplicate: 0, reorder: 0, drop: 1, badSignatures: 0, lateSeconds: 0 } } });
    api.faults.next('lost-answer', 1);
    await world.campaign(1);
    await expect.poll(() => world.services.dialers.counts.proved.placed, patience).toBe(1);
    expectEachOnce(1);
  });

  it(
    'is made after all once the lists were empty twice, after the longest queue, and takes nothing from the budget',
    long,
    async () => {
      await begin();
      api.faults.next('fail-before', 1);
      await world.campaign(3, { retry: { maxAttempts: 1, delaySeconds: 0 } });
      await completed();
      expectEachOnce(3);
      expect(world.services.dialers.counts).toMatchObject({ proved: { placed: 0, notPlaced: 1 } });
      expect((await world.report()).progress).toMatchObject({ attempts: 4, ledger: { reached: 3 } });
    },
  );

  it('is left to a person where the lists cannot be read, and their word counts', long, async () => {
    await begin({ faults: { reads: 1 } });
    api.faults.next('fail-before', 1);
    await world.campaign(1, { retry: { maxAttempts: 2, delaySeconds: 0 } });
    const doubtful = async () => (await (await world.get('/v1/attempts/doubtful?campaignId=c1')).json()).items;
    await expect.poll(doubtful, patience).toMatchObject([{ state: 'in-doubt', needsPerson: true, attempt: 1 }]);
    await expect.poll(blockers, patience).toContain('needs-person');
    const [{ attemptId }] = await doubtful();
    const said = await world.post(`/v1/attempts/doubtful/${attemptId}`, { placed: false, reason: 'asked Plivo' });
    expect(said.status).toBe(200);
    await completed();
    expectEachOnce(1);
    expect((await world.post(`/v1/attempts/doubtful/${attemptId}`, { placed: true, reason: 'x' })).status).toBe(404);
  });
});

describe('an account that is refused', () => {
  it.each([
    ['unauthorised', 'account-refused'],
    ['payment-required', 'out-of-credits'],
    ['refuse-429', 'rate-limited'],
  ] as const)(
    'is left alone after %s, the reason is told, and everybody is called once it is over',
    long,
    async (fault, code) => {
      await begin({}, {}, { dialing: { firstHoldMs: 1_500 } });
      api.faults.next(fault, 1);
      await world.campaign(8);
      await expect.poll(blockers, patience).toContain(code);
      await completed();
      expectEachOnce(8);
      expect(await blockers()).not.toContain(code);
    },
  );

  it('is left alone while calls end for want of credits', long, async () => {
    await begin();
    api.faults.next('out-of-credits', 2);
    // One attempt each: what ended for the account's sake does not count.
    await world.campaign(6, { pace: { concurrency: 1 }, retry: { maxAttempts: 1, delaySeconds: 0 } });
    await expect.poll(blockers, patience).toContain('out-of-credits');
    await completed();
    expect((await world.report()).progress).toMatchObject({ attempts: 8, ledger: { reached: 6 } });
  });

  it('is tried again where the one call that tried was refused for its own sake', long, async () => {
    await begin({ faults: { forbidden: ['+919000000001'] } });
    api.faults.next('out-of-credits', 1);
    await world.campaign(4, { pace: { concurrency: 1 } });
    await completed();
    expect(api.placed.map(({ number }) => number)).toEqual(expect.arrayContaining(['+919000000003']));
  });

  it('learns a limit of concurrency that the provider makes felt', long, async () => {
    await begin({ ...slow, speed: 200, concurrency: 4 });
    await world.campaign(12, { retry: { maxAttempts: 1, delaySeconds: 0 } });
    await completed();
    const breached = api.placed.filter(({ code }) => code === 5030).length;
    expect((await world.report()).progress.ledger.reached).toBe(12);
    expect(breached).toBeLessThan(30);
  });
});

describe('the breaker', () => {
  it('pauses a campaign of which nearly every call fails, and says why', long, async () => {
    await begin({ faults: { forbidden: ['+91'] } });
    await world.campaign(200, { pace: { callsPerSecond: 50 } });
    await expect.poll(() => world.phase(), patience).toBe('paused');
    const said = (await world.timeline())?.findLast(({ kind }) => kind === 'paused');
    expect(said).toMatchObject({ actor: 'breaker', reason: expect.stringContaining('Plivo 403') });
    expect(api.posts.length).toBeLessThan(150);
    expect(api.placed).toEqual([]);
  });
});

describe('a dialer that starts again', () => {
  it('goes on where the one before stopped', long, async () => {
    await begin();
    await world.campaign(60, { pace: { callsPerSecond: 30 } });
    await placed(15);
    await world.stop();
    const port = new URL(world.url).port;
    world = await dialingWorld({ api, folder: folder.path, env: { PORT: port } });
    await completed();
    expectEachOnce(60);
  });

  it('takes back what was intended, and doubts what was being sent', long, async () => {
    api = await sandbox();
    world = await dialingWorld({ api, folder: folder.path, dials: false });
    await world.campaign(4, { retry: { maxAttempts: 2, delaySeconds: 0 } });
    const { dial } = world.store;
    const wish = { ...REF, most: 3, authId: 'MATESTACCOUNT0000000', callerIds: ['+918035735601'], openZones: [''] };
    const { attempts } = await dial.take(wish, null, Date.now());
    const ids = attempts.map(({ attemptId }) => attemptId);
    await dial.beginSending(REF, ids.slice(0, 1), Date.now(), null);
    world.dial();
    await completed();
    expectEachOnce(4);
    expect(world.services.dialers.counts.proved).toEqual({ placed: 0, notPlaced: 1 });
    expect((await world.report()).progress).toMatchObject({ attempts: 5, ledger: { reached: 4 } });
  });
});

describe('an account that is taken away from a campaign', () => {
  it('starts nothing more, and ends what is under way', long, async () => {
    await begin(slow);
    await world.campaign(100, { pace: { callsPerSecond: 10 } });
    await placed(10);
    await world.store.dial.openList({ ...REF, account: 'acc_gone' });
    await expect.poll(blockers, patience).toContain('no-account');
    // What had been taken off the list for it is back there, and its calls end.
    const before = api.posts.length;
    const waiting = async () => (await world.store.dial.queueFacts(REF, null, Date.now())).waiting;
    await expect.poll(waiting, patience).toBe(100 - before);
    await expect.poll(() => world.store.dial.openAttempts(AUTH_ID), patience).toEqual([]);
    expect(api.posts).toHaveLength(before);
  });
});

describe('several campaigns of one account', () => {
  it('share its pace', long, async () => {
    await begin({}, { PLIVO_CPS: '20' });
    const other = { workspace: 'default', campaignId: 'c2' };
    await world.campaign(40);
    await world.campaign(40, {}, other);
    await expect.poll(() => world.phase(other), patience).toBe('completed');
    await completed();
    const first = api.placed.filter(({ campaignId }) => campaignId === 'c1').slice(0, 30);
    const second = api.placed.filter(({ campaignId }) => campaignId === 'c2').slice(0, 30);
    // Neither waited for the other to be over.
    expect(first[0]?.initiatedAt).toBeLessThan(second.at(-1)?.initiatedAt ?? 0);
    expect(second[0]?.initiatedAt).toBeLessThan(first.at(-1)?.initiatedAt ?? 0);
    expect(api.placed).toHaveLength(80);
  });
});
