import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pacer } from './pacing.ts';

/** When calls start in `ms` milliseconds, whoever starts them looking at the moments of `looks` only. */
function starts(pacer: Pacer, ms: number, lateness: () => number, from = 0): number[] {
  const at: number[] = [];
  for (let now = from; now < from + ms; ) {
    while (pacer.mayStart(now)) {
      pacer.start(now);
      at.push(now);
    }
    now = Math.max(now, pacer.nextAt) + lateness();
  }
  return at;
}

describe('the pace of calls', () => {
  it('is even: at two a second one each 500 ms', () => {
    expect(starts(new Pacer(2), 2_400, () => 0)).toEqual([0, 500, 1_000, 1_500, 2_000]);
  });

  it('holds within 2 % over minutes, however late each look is', () => {
    const paces = fc.constantFrom(0.2, 0.5, 1, 2, 7, 25, 100, 500);
    fc.assert(
      fc.property(paces, fc.infiniteStream(fc.double({ min: 0, max: 40, noNaN: true })), (perSecond, late) => {
        const seconds = Math.max(60, 100 / perSecond);
        const count = starts(new Pacer(perSecond), seconds * 1_000, () => late.next().value ?? 0).length;
        expect(Math.abs(count - perSecond * seconds)).toBeLessThanOrEqual(Math.max(1, perSecond * seconds * 0.02));
      }),
      { numRuns: 50 },
    );
  });

  it('starts one call after a rest, and the next a whole gap later', () => {
    const pacer = new Pacer(2);
    starts(pacer, 1_000, () => 0);
    pacer.rest(60_000);
    expect(starts(pacer, 1_100, () => 0, 60_000)).toEqual([60_000, 60_500, 61_000]);
  });

  it('does not rush after a standstill: it catches up on one call, or half a second', () => {
    const slow = new Pacer(2);
    slow.start(0);
    expect(starts(slow, 1, () => 1, 60_000)).toHaveLength(2);
    const fast = new Pacer(100);
    fast.start(0);
    expect(starts(fast, 1, () => 1, 60_000)).toHaveLength(51);
  });

  it('changes at once', () => {
    const pacer = new Pacer(0.2);
    pacer.start(0);
    pacer.setPace(10, 50);
    expect(pacer.nextAt).toBe(150);
    pacer.start(150);
    pacer.setPace(0.2, 160);
    pacer.start(250);
    expect(pacer.nextAt).toBe(5_250);
  });
});
