import type { CallingWindows } from '@ringside/protocol';
import type { Interval } from '../active-time.ts';
import { isKnownZone, offsetAt, type Stretch, stretchesOf } from './local-time.ts';

/** Whose hours count: the zone of the campaign, and how many contacts of its list have which; `''` is the campaign's. */
export interface Zones {
  readonly campaign: string;
  readonly list: Readonly<Record<string, number>>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A window that does not come within a year and a few days never does. */
const SEARCHED_MS = 370 * DAY_MS;

/**
 * Whether contacts of a zone may be called: their clock shows a time within a window, of that day or of the day before
 * where the window goes on past midnight. What is asked is the clock on the wall, so an hour that comes twice when
 * clocks are set back is open or closed twice, and one that is left out is never.
 * An unknown zone is never open: nobody is called by a clock that nobody knows.
 * @param windows without any it is always open. @param at epoch milliseconds
 */
export function isOpen(windows: CallingWindows | null, zone: string, at: number): boolean {
  if (windows === null) return true;
  if (!isKnownZone(zone)) return false;
  const local = at + offsetAt(zone, at);
  const today = Math.floor(local / DAY_MS);
  return [today - 1, today].some((day) => windowsOf(windows, day).some(({ from, to }) => from <= local && local < to));
}

/** The first moment from `at` on that is open, `null` when there is none within a year. */
export function nextOpening(windows: CallingWindows | null, zone: string, at: number): number | null {
  if (windows === null || isOpen(windows, zone, at)) return at;
  for (const { from } of openStretches(windows, zone, { from: at, to: at + SEARCHED_MS })) return from;
  return null;
}

/** When what is open at `at` closes; `null` when it is closed then, or does not close within a year. */
export function closingAt(windows: CallingWindows | null, zone: string, at: number): number | null {
  if (windows === null || !isOpen(windows, zone, at)) return null;
  const end = at + SEARCHED_MS;
  for (const { to } of openStretches(windows, zone, { from: at, to: end })) return to < end ? to : null;
  return null;
}

/** The parts of a span that are closed in all the given zones, oldest first. */
export function closedIntervals(windows: CallingWindows | null, zones: readonly string[], span: Interval): Interval[] {
  if (windows === null) return [];
  const open = zones.flatMap((zone) => [...openStretches(windows, zone, span)]);
  const closed: Interval[] = [];
  let { from } = span;
  for (const gap of joined(open)) {
    if (gap.from > from) closed.push({ from, to: gap.from });
    from = gap.to;
  }
  if (from < span.to) closed.push({ from, to: span.to });
  return closed;
}

/** Keys of `zones.list` whose contacts may be called now: all of them where there are no windows. */
export function openZones(windows: CallingWindows | null, zones: Zones, at: number): string[] {
  const keys = Object.keys(zones.list);
  if (windows === null) return keys;
  if (windows.zone === 'campaign') return isOpen(windows, zones.campaign, at) ? keys : [];
  return keys.filter((key) => isOpen(windows, zoneOf(windows, zones.campaign, key), at));
}

/** The zone by whose clock a contact is called. @param key its own zone, `''` where it has none */
export function zoneOf(windows: CallingWindows | null, campaignZone: string, key: string): string {
  return windows?.zone === 'contact' && key !== '' ? key : campaignZone;
}

/** The zones of which at least one must be open for anything to be dialed, each once. */
export function zonesAsked(windows: CallingWindows | null, zones: Zones): string[] {
  const keys = Object.keys(zones.list).filter((key) => (zones.list[key] ?? 0) > 0);
  const asked = new Set(keys.map((key) => zoneOf(windows, zones.campaign, key)));
  return asked.size === 0 ? [zones.campaign] : [...asked];
}

/** The windows that begin on a local day, on the local clock: milliseconds as if the zone were UTC. */
function windowsOf({ weekly, holidays }: CallingWindows, day: number): Interval[] {
  const midnight = day * DAY_MS;
  if (holidays.length > 0 && holidays.includes(new Date(midnight).toISOString().slice(0, 10))) return [];
  // The first day of all was a Thursday, the fourth of the week.
  const weekday = ((day + 3) % 7) + 1;
  return weekly
    .filter(({ days }) => days.includes(weekday))
    .map((window) => {
      const from = clockMs(window.from);
      const to = clockMs(window.to);
      return { from: midnight + from, to: midnight + (to > from ? to : to + DAY_MS) };
    });
}

function clockMs(clock: string): number {
  return (Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))) * MINUTE_MS;
}

/** The open parts of a span, oldest first, never touching each other. */
function* openStretches(windows: CallingWindows, zone: string, span: Interval): Generator<Interval> {
  if (!isKnownZone(zone)) return;
  let last: Interval | null = null;
  for (const stretch of stretchesOf(zone, span)) {
    for (const next of joined(openWithin(windows, stretch))) {
      if (last && next.from <= last.to) last = { from: last.from, to: next.to };
      else {
        if (last) yield last;
        last = next;
      }
    }
  }
  if (last) yield last;
}

function openWithin(windows: CallingWindows, { from, to, offset }: Stretch): Interval[] {
  const open: Interval[] = [];
  const lastDay = Math.floor((to - 1 + offset) / DAY_MS);
  for (let day = Math.floor((from + offset) / DAY_MS) - 1; day <= lastDay; day++) {
    for (const window of windowsOf(windows, day)) {
      const part = { from: Math.max(from, window.from - offset), to: Math.min(to, window.to - offset) };
      if (part.from < part.to) open.push(part);
    }
  }
  return open;
}

/** The same in order, with those that touch made one. */
function joined(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && next.from <= last.to) result[result.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
    else result.push(next);
  }
  return result;
}
