import { describe, expect, it } from 'vitest';
import { missesOf } from './misses.ts';

const START = Date.UTC(2025, 7, 7, 9);
const MINUTE = 60_000;

/** Calls ended a minute, for each minute of the campaign so far. */
function dialed(perMinute: readonly number[], breaks: readonly { from: number; to: number }[] = []) {
  const isBreak = (minute: number): boolean => breaks.some(({ from, to }) => from <= minute && minute < to);
  const now = START + perMinute.length * MINUTE;
  const edges = [0, ...breaks.flatMap(({ from, to }) => [from, to]), perMinute.length];
  const active = Array.from({ length: edges.length / 2 }, (_, index) => ({
    from: START + (edges[2 * index] ?? 0) * MINUTE,
    to: START + (edges[2 * index + 1] ?? 0) * MINUTE,
  }));
  const minutes = perMinute.flatMap((ended, minute) =>
    ended === 0 || isBreak(minute) ? [] : [{ at: START + minute * MINUTE, ended }],
  );
  return { now, active, minutes, ended: minutes.reduce((sum, { ended }) => sum + ended, 0) };
}

const steady = (length: number, calls = 10) => Array.from({ length }, () => calls);

describe('what the pace missed by', () => {
  it('is nothing while the pace holds', () => {
    expect(missesOf(dialed(steady(60)), 1_200)).toBeCloseTo(0, 10);
  });

  it('is the logarithm of how much longer the rest took', () => {
    // Of 800 calls only the mark of 25 % lies behind (10 % too): 200 calls in 20 min, then 200 in 25 min.
    const slower = dialed([...steady(20), ...steady(25, 8)]);
    const at10 = Math.log((12 + 25) / 32);
    const at25 = Math.log(25 / 20);
    expect(missesOf(slower, 800)).toBeCloseTo(Math.sqrt((at10 ** 2 + at25 ** 2) / 2), 10);
  });

  it('counts no time in which nobody dialed', () => {
    const paused = dialed([...steady(30), ...steady(90), ...steady(30)], [{ from: 30, to: 120 }]);
    expect(missesOf(paused, 1_200)).toBeCloseTo(0, 10);
  });

  it('is nothing before there is enough to compare', () => {
    expect(missesOf(dialed(steady(10, 1)), 100)).toBe(0);
    expect(missesOf(dialed([]), 100)).toBe(0);
  });

  it('is bounded, whatever happened', () => {
    expect(missesOf(dialed([...steady(20, 100), ...steady(400, 1)]), 4_000)).toBe(0.5);
  });
});
