import type { Report } from '@ringside/protocol';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Delivery } from './event.ts';
import { MemoryCampaign } from './memory-campaign.ts';
import { rollupToData } from './rollup.ts';
import { deliveries, T0 } from './testing/deliveries.ts';
import { traps } from './testing/traps.ts';

/** Those that are sure to come up among a few hundred campaigns. */
const expectedReasons = ['paused', 'out-of-credits', 'outside-calling-window', 'no-caller-id'];

const NOW = T0 + 10 * 60_000;
const runs = { numRuns: Number(process.env.LAW_RUNS ?? 150) };
const trapCounts = new Map<string, number>();
const reasonCounts = new Map<string, number>();

function campaignOf(batches: readonly (readonly Delivery[])[]): MemoryCampaign {
  const campaign = new MemoryCampaign();
  for (const batch of batches) campaign.apply(batch);
  return campaign;
}

function countTrap(trap: string): void {
  trapCounts.set(trap, (trapCounts.get(trap) ?? 0) + 1);
}

/** Applies a delivery. @returns whether that gave another call of the same contact other points for its place */
function movesPlaces(campaign: MemoryCampaign, delivery: Delivery): boolean {
  const before = new Map(campaign.calls);
  const { calls, stored } = campaign.apply([delivery]);
  return calls.some(({ row, contact, call }) => {
    const old = before.get(row);
    return row !== stored[0]?.row && old?.contact === contact && old.call.score?.score !== call.score?.score;
  });
}

const shuffled = deliveries.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
);

const split = fc
  .tuple(deliveries, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 40 }))
  .map(([list, sizes]) => {
    const batches: Delivery[][] = [];
    for (let at = 0, i = 0; at < list.length; i++) {
      const size = sizes[i % sizes.length] ?? 1;
      batches.push(list.slice(at, at + size));
      at += size;
    }
    return { list, batches };
  });

describe('laws of the fold', () => {
  it('any order and any duplication of the deliveries gives the same report and the same records', () => {
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        for (const trap of traps(list)) countTrap(trap);
        const one = campaignOf([list]);
        const two = new MemoryCampaign();
        if (other.filter((delivery) => movesPlaces(two, delivery)).length > 0)
          countTrap('place moved by another attempt');
        expect(two.report(NOW)).toEqual(one.report(NOW));
        expect(two.records()).toEqual(one.records());
        expect(two.state.firstAt).toBe(one.state.firstAt);
      }),
      runs,
    );
  });

  it('splitting the deliveries into batches in any way gives the same report', () => {
    fc.assert(
      fc.property(split, ({ list, batches }) => {
        expect(campaignOf(batches).report(NOW)).toEqual(campaignOf([list]).report(NOW));
      }),
      runs,
    );
  });

  it('the rollup kept by difference equals the rollup summed from the records', () => {
    fc.assert(
      fc.property(split, ({ batches }) => {
        const campaign = campaignOf(batches);
        expect(rollupToData(campaign.rollup)).toEqual(campaign.recount());
      }),
      runs,
    );
  });

  it('the ledger sums to the total after every delivery, and every number is sane', () => {
    fc.assert(
      fc.property(deliveries, (list) => {
        const campaign = new MemoryCampaign();
        for (const delivery of list) {
          campaign.apply([delivery]);
          const report = campaign.report(NOW);
          const { ledger, totalCalls } = report.progress;
          expect(Object.values(ledger).reduce((sum, n) => sum + n, 0)).toBe(totalCalls);
          expectSane(report, 'report');
          expectReason(report);
          for (const rate of Object.values(report.callMetrics.rates))
            expect(rate.numerator).toBeLessThanOrEqual(rate.denominator);
          expect(Object.values(report.callMetrics.outcomes).reduce((sum, n) => sum + n, 0)).toBe(
            report.callMetrics.rates.answer.denominator,
          );
        }
      }),
      runs,
    );
  });

  it('redelivery of everything changes nothing', () => {
    fc.assert(
      fc.property(deliveries, (list) => {
        const campaign = campaignOf([list]);
        const before = campaign.report(NOW);
        const { version } = campaign.state;
        const again = campaign.apply(list);
        expect(again.results.every((result) => result === 'unchanged')).toBe(true);
        expect(campaign.report(NOW)).toEqual(before);
        expect(campaign.state.version).toBe(version);
      }),
      runs,
    );
  });

  afterAll(() => {
    const counts = [...trapCounts].map(([trap, n]) => `${trap} ${n}`).join(', ');
    const reasons = [...reasonCounts].map(([code, n]) => `${code} ${n}`).join(', ');
    console.log(`traps in ${runs.numRuns} campaigns: ${counts}; reasons to wait: ${reasons}`);
    expect([...reasonCounts.keys()]).toEqual(expect.arrayContaining(expectedReasons));
    expect(trapCounts.size, 'every trap of the generator came up').toBe(18);
  });
});

/** Who waits or was stopped is told why. */
function expectReason({ phase, blockers }: Pick<Report, 'phase' | 'blockers'>): void {
  if (!['waiting', 'pausing', 'paused', 'stalled', 'failed'].includes(phase)) return;
  const code = blockers[0]?.code ?? 'no reason';
  expect(code).not.toBe('no reason');
  reasonCounts.set(code, (reasonCounts.get(code) ?? 0) + 1);
}

function expectSane(value: unknown, path: string): void {
  if (typeof value === 'number') {
    expect(Number.isFinite(value), path).toBe(true);
    expect(value, path).toBeGreaterThanOrEqual(0);
    if (path.endsWith('ercentage') || /Rate$|\.(value|low|high)$/.test(path))
      expect(value, path).toBeLessThanOrEqual(100);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) expectSane(member, `${path}.${name}`);
}
