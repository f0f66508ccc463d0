import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairShare, maxMinShares, type Want } from './fair-share.ts';

describe('max-min shares', () => {
  it('gives everybody the same, but nobody more than wanted', () => {
    expect(maxMinShares(10, [2, 100, 100])).toEqual([2, 4, 4]);
    expect(maxMinShares(10, [1, 2, 3])).toEqual([1, 2, 3]);
    expect(maxMinShares(Number.POSITIVE_INFINITY, [5, 7])).toEqual([5, 7]);
  });

  it('is max-min fair for any wants', () => {
    const wants = fc.array(fc.nat(200), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(500), wants, (total, wanted) => {
        const shares = maxMinShares(total, wanted);
        const sum = shares.reduce((a, b) => a + b, 0);
        const all = wanted.reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(Math.min(total, all), 6);
        const most = Math.max(...shares);
        for (const [at, share] of shares.entries()) {
          expect(share).toBeLessThanOrEqual(wanted[at] ?? 0);
          // Whoever got less than wanted got no less than anybody else.
          if (share < (wanted[at] ?? 0) - 1e-9) expect(share).toBeGreaterThanOrEqual(most - 1e-9);
        }
      }),
    );
  });
});

interface Campaign {
  readonly limit: number;
  readonly callsLast: number;
  open: number[];
  started: number;
}

/** Each step one call may start; calls last as many steps as their campaign says. */
function run(campaigns: Campaign[], slots: number, steps: number): void {
  const fair = new FairShare();
  for (let step = 0; step < steps; step += 1) {
    for (const campaign of campaigns) campaign.open = campaign.open.filter((end) => end > step);
    const wants = campaigns.map(
      ({ limit, open }, at): Want => ({ id: String(at), open: open.length, most: limit, mayStart: true }),
    );
    const chosen = fair.next(wants, slots);
    const campaign = chosen === null ? undefined : campaigns[Number(chosen)];
    campaign?.open.push(step + campaign.callsLast);
    if (campaign) campaign.started += 1;
  }
}

const campaign = (limit: number, callsLast: number): Campaign => ({ limit, callsLast, open: [], started: 0 });

describe('whose call starts next', () => {
  it('takes turns, where only the pace is short', () => {
    const all = [campaign(1e9, 5), campaign(1e9, 500), campaign(1e9, 50)];
    run(all, Number.POSITIVE_INFINITY, 300);
    expect(all.map(({ started }) => started)).toEqual([100, 100, 100]);
  });

  it('does not let long calls of one campaign take the slots of another', () => {
    const all = [campaign(1e9, 1_000), campaign(1e9, 10)];
    run(all, 20, 1_000);
    expect(all[0]?.open.length).toBe(10);
    expect(all[1]?.started).toBeGreaterThan(500);
  });

  it('shares a single slot', () => {
    const all = [campaign(10, 3), campaign(10, 3)];
    run(all, 1, 600);
    expect(all.map(({ started }) => started)).toEqual([100, 100]);
  });

  it('gives what one does not use to the others', () => {
    const all = [campaign(2, 100), campaign(1e9, 100)];
    run(all, 50, 1_000);
    expect(all[1]?.open.length).toBe(48);
  });

  it('neither keeps out nor favours whoever comes later', () => {
    const fair = new FairShare();
    const want = (id: string): Want => ({ id, open: 0, most: 100, mayStart: true });
    for (let n = 0; n < 50; n += 1) fair.next([want('a')], 100);
    const next = Array.from({ length: 10 }, () => fair.next([want('a'), want('b')], 100));
    expect(next.filter((id) => id === 'a')).toHaveLength(5);
  });

  it('never starves anybody, nor exceeds a limit', () => {
    const one = fc.record({ limit: fc.integer({ min: 1, max: 30 }), callsLast: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 30 }), (given, slots) => {
        const all = given.map(({ limit, callsLast }) => campaign(limit, callsLast));
        run(all, slots, 2_000);
        for (const { started, open, limit } of all) {
          expect(started).toBeGreaterThan(0);
          expect(open.length).toBeLessThanOrEqual(limit);
        }
        expect(all.reduce((sum, { open }) => sum + open.length, 0)).toBeLessThanOrEqual(slots);
      }),
      { numRuns: 50 },
    );
  });

  it('starts nothing beyond the slots', () => {
    const full: Want = { id: 'a', open: 3, most: 10, mayStart: true };
    expect(new FairShare().next([full], 3)).toBeNull();
    expect(new FairShare().next([{ ...full, mayStart: false }], 9)).toBeNull();
  });
});
