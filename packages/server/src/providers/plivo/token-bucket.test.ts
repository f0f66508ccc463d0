import { describe, expect, it } from 'vitest';
import { SteppingClock } from '../../testing/stepping-clock.ts';
import { TokenBucket } from './token-bucket.ts';

const LIMITS = { burst: 3, perSecond: 10 };
const { signal } = new AbortController();

describe('the token bucket', () => {
  it('lets a burst through at once and then keeps to its rate', async () => {
    const clock = new SteppingClock(1_000_000);
    const bucket = new TokenBucket(LIMITS, clock);
    for (let i = 0; i < 8; i++) expect(await bucket.take(1_000, signal)).toBe(true);
    expect(clock.now()).toBe(1_000_500);
    expect(clock.sleeps).toHaveLength(5);
  });

  it('stays far below 300 requests in any 5 s, however many ask at once', async () => {
    const clock = new SteppingClock(0);
    const bucket = new TokenBucket({ burst: 10, perSecond: 10 }, clock);
    const times: number[] = [];
    for (let i = 0; i < 400; i++) {
      await bucket.take(60_000, signal);
      times.push(clock.now());
    }
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 5_000).length));
    expect(most).toBeLessThanOrEqual(61);
    expect(most).toBeGreaterThan(40);
  });

  it('does not save up more than a burst', async () => {
    const clock = new SteppingClock(0);
    const bucket = new TokenBucket(LIMITS, clock);
    clock.pass(3_600_000);
    for (let i = 0; i < 4; i++) await bucket.take(1_000, signal);
    expect(clock.sleeps).toEqual([100]);
  });

  it('lets nobody through while it pauses, and turns away who will not wait that long', async () => {
    const clock = new SteppingClock(0);
    const bucket = new TokenBucket(LIMITS, clock);
    bucket.pause(7_000);
    expect(await bucket.take(5_000, signal)).toBe(false);
    expect(clock.now()).toBe(0);
    expect(await bucket.take(8_000, signal)).toBe(true);
    expect(clock.now()).toBe(7_000);
  });

  it('turns away who stops waiting', async () => {
    const bucket = new TokenBucket(LIMITS, new SteppingClock(0));
    expect(await bucket.take(1_000, AbortSignal.abort())).toBe(false);
  });
});
