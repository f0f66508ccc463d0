import type { Interval } from './active-time.ts';
import { changeOfKey, type EventKey, timeOfKey } from './campaign-events.ts';
import { type Count, MINUTE_MS, minuteOf, type Rollup, total } from './rollup.ts';

/*
 * When a campaign was running. Its changes switch it off and on; the switches are counted in the minutes in which they
 * happened, with the sum of their milliseconds within the minute. A minute of up to two switches says them exactly, one
 * of more how long the campaign ran in it. So active time costs as much as there are such minutes, however many changes.
 */

/**
 * What a change adds to the counts.
 * @param before the change before it in the order of events, `null` for the first: a campaign begins by running
 */
export function switchCounts(before: EventKey | null, change: EventKey): Count[] {
  const runs = isRunningAfter(change);
  if (runs === (before === null || isRunningAfter(before))) return [];
  const at = timeOfKey(change);
  const minute = minuteOf(at);
  const word = runs ? 'on' : 'off';
  return [
    { minute: null, key: 'switches', n: 1 },
    { minute, key: word, n: 1 },
    { minute, key: `${word}.ms`, n: at - minute * MINUTE_MS },
  ];
}

function isRunningAfter(key: EventKey): boolean {
  const change = changeOfKey(key);
  return change === 'started' || change === 'resumed';
}

/** The stretches in which the campaign was running, oldest first: from its start to `end`, without its pauses. */
export function activeIntervals(rollup: Rollup, startedAt: number, end: number): Interval[] {
  const intervals: Interval[] = [];
  let from: number | null = startedAt;
  for (const { at, runs } of switchesOf(rollup)) {
    if (at >= end) break;
    if (runs) from = Math.max(startedAt, at);
    else {
      if (from !== null && at > from) intervals.push({ from, to: at });
      from = null;
    }
  }
  if (from !== null && end > from) intervals.push({ from, to: end });
  return intervals;
}

interface Switch {
  readonly at: number;
  readonly runs: boolean;
}

/** Oldest first. */
function switchesOf(rollup: Rollup): Switch[] {
  if (total(rollup, 'switches') === 0) return [];
  const minutes = [...rollup.minutes].filter(([, counts]) => counts.has('on') || counts.has('off'));
  let ran = true;
  return minutes
    .sort(([a], [b]) => a - b)
    .flatMap(([minute, counts]) => {
      const switches = switchesIn(counts, ran);
      ran = switches.at(-1)?.runs ?? ran;
      return switches.map(({ at, runs }) => ({ at: minute * MINUTE_MS + at, runs }));
    });
}

/** The switches of a minute, in milliseconds from its start. @param ran whether the campaign was running before it */
function switchesIn(counts: ReadonlyMap<string, number>, ran: boolean): Switch[] {
  const [ons, offs] = [counts.get('on') ?? 0, counts.get('off') ?? 0];
  const [on, off] = [counts.get('on.ms') ?? 0, counts.get('off.ms') ?? 0];
  if (ons <= 1 && offs <= 1) {
    const both: Switch[] = [];
    if (ons === 1) both.push({ at: on, runs: true });
    if (offs === 1) both.push({ at: off, runs: false });
    return both.length === 2 && ran ? both.reverse() : both;
  }
  // In more, only how long it ran is known: that counts from the beginning of the minute, or to its end.
  const runs = ons === offs ? ran : !ran;
  const active = off - on + (runs ? MINUTE_MS : 0);
  if (ran !== runs) return [{ at: runs ? MINUTE_MS - active : active, runs }];
  return [
    { at: 0, runs: !ran },
    { at: ran ? MINUTE_MS - active : active, runs: ran },
  ];
}
