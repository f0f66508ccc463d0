import type { Phase, Report } from '@ringside/protocol';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Delivery } from './event.ts';
import { MemoryCampaign } from './memory-campaign.ts';
import { rollupToData } from './rollup.ts';
import { type Commanded, commandAfter, commands } from './testing/command-deliveries.ts';
import { deliveries, T0 } from './testing/deliveries.ts';
import { traps } from './testing/traps.ts';

/** Campaigns among which every difficulty comes up: as many as in the full tier. */
const SURE_RUNS = 1_000;
const expectedReasons = ['paused', 'out-of-credits', 'outside-calling-window', 'no-caller-id'];

const NOW = T0 + 10 * 60_000;
/** Readings of the clock: right, in the middle of the deliveries, and two hours off to either side. */
const clock = fc.constantFrom(NOW, T0 + 150_000, T0 - 7_200_000, T0 + 7_200_000);
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
      fc.property(shuffled, clock, ([list, other], now) => {
        for (const trap of traps(list)) countTrap(trap);
        if (list.some((delivery) => delivery.about === 'campaign' && delivery.at > now)) countTrap('clock behind');
        const one = campaignOf([list]);
        const two = new MemoryCampaign();
        if (other.filter((delivery) => movesPlaces(two, delivery)).length > 0)
          countTrap('place moved by another attempt');
        expect(two.report(now)).toEqual(one.report(now));
        expect(two.records()).toEqual(one.records());
        expect(two.state.firstAt).toBe(one.state.firstAt);
      }),
      runs,
    );
  });

  it('splitting the deliveries into batches in any way gives the same report', () => {
    fc.assert(
      fc.property(split, clock, ({ list, batches }, now) => {
        expect(campaignOf(batches).report(now)).toEqual(campaignOf([list]).report(now));
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
      fc.property(deliveries, clock, (list, now) => {
        const campaign = new MemoryCampaign();
        for (const delivery of list) {
          campaign.apply([delivery]);
          const report = campaign.report(now);
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

  it('a forecast is sane at whatever clock', () => {
    fc.assert(
      fc.property(deliveries, clock, (list, now) => expectSane(campaignOf([list]).forecast(now).forecast, 'forecast')),
      // A forecast costs as much as a hundred reports.
      { numRuns: runs.numRuns / 10 },
    );
  });

  it('redelivery of everything changes nothing', () => {
    fc.assert(
      fc.property(deliveries, clock, (list, now) => {
        const campaign = campaignOf([list]);
        const before = campaign.report(now);
        const { version } = campaign.state;
        const again = campaign.apply(list);
        expect(again.results.every((result) => result === 'unchanged')).toBe(true);
        expect(campaign.report(now)).toEqual(before);
        expect(campaign.state.version).toBe(version);
      }),
      runs,
    );
  });

  it('what a campaign is follows the order in which commands were stored, whatever the clock says', () => {
    fc.assert(
      fc.property(deliveries, commands, clock, (list, given, now) => {
        const campaign = campaignOf([list]);
        let at = NOW;
        for (const { stepMs, change } of given) {
          at += stepMs;
          campaign.apply([commandAfter(campaign.state, { change, now: at })]);
          if ((campaign.state.lastAt ?? 0) > at) countTrap('command after one dated ahead');
          for (const evaluated of [at, now]) expect(saysLast[change]).toContain(campaign.report(evaluated).phase);
        }
      }),
      runs,
    );
  });

  afterAll(() => {
    const counts = [...trapCounts].map(([trap, n]) => `${trap} ${n}`).join(', ');
    const reasons = [...reasonCounts].map(([code, n]) => `${code} ${n}`).join(', ');
    console.log(`traps in ${runs.numRuns} campaigns: ${counts}; reasons to wait: ${reasons}`);
    if (runs.numRuns < SURE_RUNS) return;
    expect([...reasonCounts.keys()]).toEqual(expect.arrayContaining(expectedReasons));
    expect(trapCounts.size, 'every trap of the generator came up').toBe(21);
  });
});

const dialing: readonly Phase[] = ['running', 'waiting', 'stalled', 'finishing'];
/** Phases allowed after each command: calls may be live, and a resume does not start a draft. */
const saysLast: Readonly<Record<Commanded['change'], readonly Phase[]>> = {
  started: [...dialing, 'completed'],
  resumed: [...dialing, 'completed', 'draft', 'queued'],
  paused: ['pausing', 'paused'],
  completed: ['finishing', 'completed'],
  cancelled: ['finishing', 'cancelled'],
};

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
