import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

interface Item {
  readonly of: string;
  readonly bytes: number;
}

function queueWith(perSecond: Record<string, number> = {}) {
  let at = 0;
  const queue = new FairQueue<Item>({ perSecond: (workspace) => perSecond[workspace] ?? null, clock: () => at });
  return {
    queue,
    push: (of: string, count: number) => {
      for (let i = 0; i < count; i += 1) queue.push(of, { of, bytes: 10 });
    },
    /** How many of each workspace one batch takes. */
    take: (most: number, ignoreQuotas = false): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const { of } of queue.take(most, ignoreQuotas)) counts[of] = (counts[of] ?? 0) + 1;
      return counts;
    },
    pass: (ms: number) => {
      at += ms;
    },
  };
}

describe('a fair queue', () => {
  it('gives every workspace its turn, however much another waits with', () => {
    const { push, take } = queueWith();
    push('noisy', 1_000);
    push('quiet', 3);
    push('other', 40);
    expect(take(60)).toEqual({ noisy: 29, quiet: 3, other: 28 });
    expect(take(60)).toEqual({ noisy: 48, other: 12 });
  });

  it('keeps the order within a workspace', () => {
    const { queue } = queueWith();
    for (const bytes of [1, 2, 3]) queue.push('a', { of: 'a', bytes });
    queue.push('b', { of: 'b', bytes: 9 });
    expect(
      queue
        .take(3)
        .filter(({ of }) => of === 'a')
        .map(({ bytes }) => bytes),
    ).toEqual([1, 2]);
  });

  it('lets a workspace over its quota wait for its share, and nobody else with it', () => {
    const { push, take, pass, queue } = queueWith({ noisy: 100 });
    push('noisy', 500);
    push('quiet', 5);
    expect(take(1_000)).toEqual({ noisy: 100, quiet: 5 });
    expect(take(1_000)).toEqual({});
    pass(250);
    expect(take(1_000)).toEqual({ noisy: 25 });
    pass(60_000);
    expect(take(1_000)).toEqual({ noisy: 100 });
    expect(queue.size).toBe(275);
  });

  it('does not count against a limit what was taken before there was one', () => {
    const quotas: Record<string, number> = {};
    const { push, take, pass } = queueWith(quotas);
    push('noisy', 5_000);
    expect(take(4_500)).toEqual({ noisy: 4_500 });
    quotas.noisy = 100;
    pass(100);
    expect(take(1_000)).toEqual({ noisy: 10 });
  });

  it('lets everything go when the server stops', () => {
    const { push, take } = queueWith({ noisy: 1 });
    push('noisy', 50);
    expect(take(1_000, true)).toEqual({ noisy: 50 });
  });

  it('knows what waits, in all and of each', () => {
    const { push, take, queue } = queueWith();
    push('a', 4);
    push('b', 2);
    expect([queue.size, queue.bytes, queue.of('a')]).toEqual([6, 60, { size: 4, bytes: 40 }]);
    take(3);
    expect([queue.size, queue.bytes]).toEqual([3, 30]);
    expect(queue.of('nobody')).toEqual({ size: 0, bytes: 0 });
  });
});
