import { type Interval, outside } from '../active-time.ts';
import { type Campaign, fact } from '../campaign.ts';
import type { Rollup } from '../rollup.ts';
import { activeIntervals } from '../switches.ts';
import { closedIntervals, isOpen, nextOpening, type Zones, zonesAsked } from './calling-hours.ts';

const DAY_MS = 86_400_000;
/** So far back closed hours are looked for where only the recent past counts: beyond a week of holidays. */
const RECENT_MS = 15 * DAY_MS;

/** The zones by which the hours of a campaign are counted. */
export function zonesOf(campaign: Campaign): Zones {
  return { campaign: fact(campaign, 'timezone') ?? 'UTC', list: fact(campaign, 'listZones') ?? {} };
}

/** Whether nobody on the list may be called, by the clocks of all of them. @param at epoch milliseconds */
export function isShut(campaign: Campaign, at: number): boolean {
  const windows = fact(campaign, 'windows');
  return windows !== null && zonesAsked(windows, zonesOf(campaign)).every((zone) => !isOpen(windows, zone, at));
}

/** When the first of the list may be called again, `null` when that is never. */
export function opensAt(campaign: Campaign, at: number): number | null {
  const windows = fact(campaign, 'windows');
  const openings = zonesAsked(windows, zonesOf(campaign))
    .map((zone) => nextOpening(windows, zone, at))
    .filter((opening) => opening !== null);
  return openings.length === 0 ? null : Math.min(...openings);
}

/** The parts of a span in which nobody on the list may be called, oldest first. */
export function shutIntervals(campaign: Campaign, span: Interval): Interval[] {
  const windows = fact(campaign, 'windows');
  return windows === null ? [] : closedIntervals(windows, zonesAsked(windows, zonesOf(campaign)), span);
}

/** When the hours last began within a span, its own begin where they were open all along. */
export function openSince(campaign: Campaign, { from, to }: Interval): number {
  return shutIntervals(campaign, recent({ from, to })).at(-1)?.to ?? from;
}

/** Active time: without pauses, and without the closed hours of the last two weeks. */
export function dialingIntervals(campaign: Campaign, rollup: Rollup, span: Interval): Interval[] {
  const active = activeIntervals(rollup, span.from, span.to);
  return outside(active, shutIntervals(campaign, recent(span)));
}

function recent({ from, to }: Interval): Interval {
  return { from: Math.max(from, to - RECENT_MS), to };
}
