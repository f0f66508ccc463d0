import type { Interval } from '../active-time.ts';
import { MINUTE_MS } from '../rollup.ts';
import type { ForecastInput } from './types.ts';

/** Shares of the work at which the campaign is asked how well its pace foretold what came. */
const MARKS = [0.1, 0.25, 0.5, 0.75] as const;
/** Fewer calls tell no pace. */
const LEAST_CALLS = 20;
/** What came since must be enough to judge by: of the calls, and in seconds. */
const LEAST_SINCE = { share: 0.15, seconds: 60 } as const;
/** Beyond this a miss says no more. */
const MOST = 0.5;

/**
 * By how much this campaign's pace missed at earlier marks: the root mean square, over the marks behind it, of the
 * logarithm of active time that the calls since then took over the time they would have taken at the pace of then
 * (that of the second half of the calls up to the mark). It is read from the counters of today and nothing is kept
 * for it, so it is the same whoever looked when, and after a restart.
 * @param work calls that ended, and those to come
 * @returns 0 before there is anything to compare
 */
export function missesOf(input: Pick<ForecastInput, 'now' | 'active' | 'minutes' | 'ended'>, work: number): number {
  const { seconds, total } = timesOf(input);
  const squares = MARKS.map((mark) => mark * work)
    .filter((calls) => calls >= LEAST_CALLS && calls <= (1 - LEAST_SINCE.share) * input.ended)
    .map((calls) => {
      const reached = seconds(calls);
      const perCall = (reached - seconds(calls / 2)) / (calls / 2);
      return { said: (input.ended - calls) * perCall, came: total - reached };
    })
    .filter(({ said, came }) => said > 0 && came >= LEAST_SINCE.seconds)
    .map(({ said, came }) => Math.log(came / said) ** 2);
  if (squares.length === 0) return 0;
  return Math.min(MOST, Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length));
}

interface Times {
  /** Active seconds by which so many calls had ended, between two minutes in proportion. */
  seconds(calls: number): number;
  readonly total: number;
}

function timesOf({ now, active, minutes }: Pick<ForecastInput, 'now' | 'active' | 'minutes'>): Times {
  const clock = activeClock(active, now);
  const ends: { calls: number; seconds: number }[] = [{ calls: 0, seconds: 0 }];
  let calls = 0;
  for (const { at, ended } of minutes) {
    calls += ended;
    ends.push({ calls, seconds: clock(at + MINUTE_MS) });
  }
  const total = clock(now);
  const seconds = (wanted: number): number => {
    const place = ends.findIndex((end) => end.calls >= wanted);
    const [before, after] = [ends[place - 1], ends[place]];
    if (!after) return total;
    if (!before) return after.seconds;
    const part = (wanted - before.calls) / (after.calls - before.calls);
    return before.seconds + (after.seconds - before.seconds) * part;
  };
  return { seconds, total };
}

/** Active seconds up to a moment, at most those up to now. The moments asked for must ascend. */
function activeClock(active: readonly Interval[], now: number): (at: number) => number {
  let passed = 0;
  let next = 0;
  return (at) => {
    const until = Math.min(at, now);
    for (let interval = active[next]; interval && interval.to <= until; interval = active[++next]) {
      passed += interval.to - interval.from;
    }
    const within = active[next];
    return (passed + (within ? Math.max(0, until - within.from) : 0)) / 1_000;
  };
}
