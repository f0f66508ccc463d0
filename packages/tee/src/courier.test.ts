import { beforeEach, describe, expect, it } from 'vitest';
import { Courier } from './courier.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import { FakeClock, settled } from './testing/fake-clock.ts';
import type { Verdict } from './verdict.ts';

const DAY = 24 * 60 * 60 * 1_000;
const DELIVERED: Verdict = { kind: 'delivered' };

function later(scope: 'server' | 'item', retryAfterMs: number | null = null): Verdict {
  return { kind: 'later', scope, why: 'test', retryAfterMs };
}

let clock: FakeClock;
let queue: DeliveryQueue;
let courier: Courier;
/** What was sent, in order: the id and the time since the start in milliseconds. */
let sent: [id: string, at: number][];
/** Answers every send that waits for an answer, the oldest first. */
let waiting: ((verdict: Verdict) => void)[];
/** How sends are answered; `null` leaves them waiting. */
let answer: (id: string) => Verdict | null;
let told: string[];
let start: number;

beforeEach(() => {
  clock = new FakeClock();
  start = clock.now();
  sent = [];
  waiting = [];
  told = [];
  answer = () => DELIVERED;
  queue = new DeliveryQueue({ maxItems: 100, maxBytes: 1_000_000, maxAgeMs: DAY });
  courier = new Courier(
    queue,
    (id) => {
      sent.push([id, clock.now() - start]);
      const verdict = answer(id);
      return verdict ? Promise.resolve(verdict) : new Promise((resolve) => waiting.push(resolve));
    },
    {
      done: ({ id }, how) => told.push(`${id} ${typeof how === 'string' ? how : how.kind}`),
      failing: () => told.push('failing'),
      recovered: () => told.push('recovered'),
      fault: (error) => told.push(`fault ${String(error)}`),
    },
    clock,
    3,
  );
});

function add(...ids: string[]): void {
  for (const id of ids) queue.add({ id, receivedAt: clock.now(), json: id, bytes: 1 });
  courier.pump();
}

describe('a server that answers', () => {
  it('is sent several at a time, and no more', async () => {
    answer = () => null;
    add('a', 'b', 'c', 'd', 'e');
    expect(sent.map(([id]) => id)).toEqual(['a', 'b', 'c']);

    waiting[1]?.(DELIVERED);
    await settled();

    expect(sent.map(([id]) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(told).toEqual(['b delivered']);
  });

  it('is not sent again what it refuses', async () => {
    answer = () => ({ kind: 'refused', status: 403, code: 'signature-invalid', detail: 'no' });
    add('a');
    await clock.advance(DAY);
    expect(sent).toEqual([['a', 0]]);
    expect(told).toEqual(['a refused']);
    expect(queue.size).toBe(0);
  });
});

describe('a server that does not answer', () => {
  it('is asked less and less often, with one item', async () => {
    answer = () => later('server');
    add('a', 'b', 'c', 'd');
    await clock.advance(95_000);
    // The three of the first moment are one failure; after it 1, 2, 4, 8, 16, 30 and 30 s pass.
    expect(sent.map(([, at]) => at / 1_000)).toEqual([0, 0, 0, 1, 3, 7, 15, 31, 61, 91]);
  });

  it('is asked by hosts at different times', async () => {
    clock.chance = 0.5;
    answer = () => later('server');
    add('a');
    await clock.advance(3_000);
    expect(sent.map(([, at]) => at)).toEqual([0, 750, 2_250]);
  });

  it('gets everything, several at a time, after the first that arrives', async () => {
    answer = () => later('server');
    add('a', 'b', 'c', 'd', 'e');
    await settled();
    answer = () => null;
    await clock.advance(1_000);
    expect(sent).toHaveLength(4);

    waiting[0]?.(DELIVERED);
    await settled();
    expect(sent).toHaveLength(7);

    answer = () => DELIVERED;
    for (const resolve of waiting) resolve(DELIVERED);
    await settled();
    expect(queue.size).toBe(0);
    expect(told.filter((line) => line === 'recovered')).toHaveLength(1);
  });

  it('is left alone for as long as it asks', async () => {
    answer = () => later('server', 120_000);
    add('a');
    await clock.advance(119_999);
    expect(sent).toHaveLength(1);
    add('b');
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
  });

  it('is asked again no later because the clock of the host was set back', async () => {
    answer = () => later('server');
    add('a');
    await settled();
    clock.step(-7_200_000);
    await clock.advance(1_000);
    expect(sent).toHaveLength(2);
  });

  it('loses what is too old', async () => {
    answer = () => later('server');
    add('a');
    await clock.advance(DAY - 1);
    expect(queue.size).toBe(1);
    await clock.advance(30_000);
    expect(queue.size).toBe(0);
    expect(told.at(-1)).toBe('a too-old');
  });

  it('does not keep the host from ending', async () => {
    answer = () => later('server');
    add('a');
    await settled();
    expect(clock.keepingAlive).toBe(0);
  });
});

describe('an item at which the server fails', () => {
  it('does not hold up the others', async () => {
    answer = (id) => (id === 'poison' ? later('item') : DELIVERED);
    add('poison', 'b');
    await settled();
    add('c');
    await clock.advance(3_000);
    expect(sent).toEqual([
      ['poison', 0],
      ['b', 0],
      ['c', 0],
      ['poison', 1_000],
      ['poison', 3_000],
    ]);
    expect(queue.size).toBe(1);
  });
});

describe('the end', () => {
  it('comes at once when nothing waits', async () => {
    await courier.finish(5_000);
    expect(clock.keepingAlive).toBe(0);
  });

  it('sends what waits without regard to delays, and keeps the process until then', async () => {
    answer = () => later('server', 600_000);
    add('a', 'b');
    await settled();
    answer = () => null;
    const finished = courier.finish(5_000);
    expect(sent).toHaveLength(4);
    expect(clock.keepingAlive).toBe(1);

    for (const resolve of waiting) resolve(DELIVERED);
    await finished;

    expect(queue.size).toBe(0);
    expect(clock.keepingAlive).toBe(0);
  });

  it('comes when the time is up, with what is left still in the queue', async () => {
    answer = () => later('server');
    add('a');
    let isOver = false;
    const finished = courier.finish(5_000).then(() => {
      isOver = true;
    });
    await clock.advance(4_999);
    expect(isOver).toBe(false);
    expect(sent.map(([, at]) => at)).toEqual([0, 1_000, 3_000]);
    await clock.advance(1);
    await finished;
    const before = sent.length;
    add('b');
    await clock.advance(DAY);
    expect(sent).toHaveLength(before);
    expect(queue.size).toBe(2);
  });
});
