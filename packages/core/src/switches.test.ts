import { type CampaignChange, EARLIEST_INSTANT, LATEST_INSTANT } from '@ringside/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Interval, lengthOf } from './active-time.ts';
import { eventKey, timeOfKey } from './campaign-events.ts';
import type { CampaignDelivery } from './event.ts';
import { MemoryCampaign } from './memory-campaign.ts';
import { MINUTE_MS } from './rollup.ts';
import { activeIntervals } from './switches.ts';

const T0 = Date.UTC(2025, 7, 7, 10);

type Change = CampaignDelivery & { readonly type: 'change' };

const changeAt = (at: number, change: CampaignChange): Change => ({
  ...{ about: 'campaign', type: 'change', source: 'api', receivedAt: at, at, hash: `${at}-${change}` },
  ...{ change, reason: null, actor: null },
});

/** Changes over some minutes, several to a minute and to a millisecond, in any order, some of them again. */
const changes = (minutes: number, perMinute: number): fc.Arbitrary<Change[]> =>
  fc
    .array(
      fc.tuple(
        fc.integer({ min: 0, max: minutes * MINUTE_MS - 1 }),
        fc.constantFrom<CampaignChange>('started', 'resumed', 'paused', 'failed', 'completed', 'cancelled'),
      ),
      { maxLength: minutes * perMinute },
    )
    .map((list) => list.map(([at, change]) => changeAt(T0 + at - (at % 250), change)));

/** The stretches by the list of all changes. */
function byList(list: readonly Change[], startedAt: number, end: number): Interval[] {
  const intervals: Interval[] = [];
  let from: number | null = startedAt;
  const inOrder = [...list].sort((a, b) => (eventKey(a) < eventKey(b) ? -1 : 1));
  for (const { at, change } of inOrder) {
    if (at >= end) break;
    if (change === 'started' || change === 'resumed') from ??= Math.max(startedAt, at);
    else {
      if (from !== null && at > from) intervals.push({ from, to: at });
      from = null;
    }
  }
  return from !== null && end > from ? [...intervals, { from, to: end }] : intervals;
}

function campaignOf(list: readonly Change[], size = 3): MemoryCampaign {
  const campaign = new MemoryCampaign();
  for (let at = 0; at < list.length; at += size) campaign.apply(list.slice(at, at + size));
  return campaign;
}

const switchesIn = (intervals: readonly Interval[], minute: number): number =>
  intervals.flatMap(({ from, to }) => [from, to]).filter((at) => Math.floor((at - T0) / MINUTE_MS) === minute).length;

describe('when a campaign was running', () => {
  it('goes by the order of time, also before 1970', () => {
    const times = [EARLIEST_INSTANT, Date.UTC(1950, 0), -1, 0, 1, T0, LATEST_INSTANT];
    const keys = times.map((at) => eventKey(changeAt(at, 'paused')));
    expect(keys.toSorted()).toEqual(keys);
    expect(keys.map(timeOfKey)).toEqual(times);
    const { rollup } = campaignOf([changeAt(-61_000, 'resumed'), changeAt(-90_500, 'paused')]);
    const before = { from: -120_000, to: -90_500 };
    expect(activeIntervals(rollup, -120_000, 0)).toEqual([before, { from: -61_000, to: 0 }]);
  });

  it('is as its changes say, exactly, where no minute has more than two switches', () => {
    let exact = 0;
    fc.assert(
      fc.property(changes(10, 1), (list) => {
        const unique = [...new Map(list.map((change) => [eventKey(change), change])).values()];
        const whole = byList(unique, T0 - MINUTE_MS, T0 + 20 * MINUTE_MS);
        if (Array.from({ length: 10 }, (_, minute) => switchesIn(whole, minute)).some((n) => n > 2)) return;
        exact += 1;
        const { rollup } = campaignOf(list);
        for (const end of [T0 + 20 * MINUTE_MS, T0 + 3 * MINUTE_MS + 17_250, T0 + 7 * MINUTE_MS]) {
          const startedAt = T0 - MINUTE_MS;
          expect(activeIntervals(rollup, startedAt, end)).toEqual(byList(unique, startedAt, end));
        }
      }),
      { numRuns: 500 },
    );
    expect(exact).toBeGreaterThan(100);
  });

  it('is as long in every minute as its changes say, however many there are', () => {
    fc.assert(
      fc.property(changes(4, 20), (list) => {
        const unique = [...new Map(list.map((change) => [eventKey(change), change])).values()];
        const { rollup } = campaignOf(list, 7);
        for (let minute = 0; minute <= 5; minute++) {
          const end = T0 + minute * MINUTE_MS;
          const startedAt = T0 - MINUTE_MS;
          expect(lengthOf(activeIntervals(rollup, startedAt, end))).toBe(lengthOf(byList(unique, startedAt, end)));
        }
      }),
    );
  });

  it('is the same whatever order its changes come in', () => {
    fc.assert(
      fc.property(changes(3, 15), fc.infiniteStream(fc.nat()), (list, picks) => {
        const other = [...list];
        for (const [at, pick] of [...list.keys()].map((at) => [at, picks.next().value as number] as const))
          [other[at], other[pick % other.length]] = [other[pick % other.length] as Change, other[at] as Change];
        const [one, two] = [campaignOf(list), campaignOf(other, 5)];
        expect(two.rollup).toEqual(one.rollup);
        expect(two.state.campaign).toEqual(one.state.campaign);
      }),
    );
  });
});

describe('the state of a campaign', () => {
  it('and its counts are as small after 5,000 changes as after ten', () => {
    const toggles = (count: number): Change[] =>
      Array.from({ length: count }, (_, n) =>
        changeAt(T0 + Math.floor((n / count) * 10 * MINUTE_MS), n % 2 === 0 ? 'paused' : 'resumed'),
      );
    const [few, many] = [campaignOf(toggles(10), 10), campaignOf(toggles(5_000), 500)];
    const sizeOf = ({ state, rollup }: MemoryCampaign) => ({
      state: JSON.stringify(state).length,
      minutes: rollup.minutes.size,
      counts: [...rollup.minutes.values()].reduce((sum, counts) => sum + counts.size, rollup.totals.size),
    });
    const [small, large] = [sizeOf(few), sizeOf(many)];
    // Longer numbers, and counts that were none.
    expect(large.state - small.state).toBeLessThan(40);
    expect(large.minutes).toBe(small.minutes);
    expect(large.counts - small.counts).toBeLessThanOrEqual(3 * small.minutes);
    expect(many.state.campaign.events).toBe(5_000);
  });
});
