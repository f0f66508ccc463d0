import type { SampleCall } from './types.ts';

/**
 * How long a call keeps a line busy, from start to end in seconds, as the newest calls show it. Newer calls weigh more:
 * half as much every {@link HALF_LIFE_CALLS}.
 */
export interface Handling {
  /** Equally likely lengths of calls that reach their contact, and of all others; ascending. */
  readonly reached: Float64Array;
  readonly missed: Float64Array;
  /** Equally likely lengths of all calls, ascending, and whether each reached. */
  readonly any: Float64Array;
  readonly anyReached: Uint8Array;
  /** Sums of `any` up to each place: a call met at a random moment is found in proportion to its length. */
  readonly anyPassed: Float64Array;
  readonly reachedMean: number;
  readonly reachedVariance: number;
  readonly missedMean: number;
  readonly missedVariance: number;
  readonly mean: number;
  /** Relative standard error of `mean`. */
  readonly error: number;
}

const HALF_LIFE_CALLS = 800;
/** Even a call that ends at once takes the dialer this long. */
const SHORTEST = 0.2;
const PICKS = 256;

/**
 * What each call of the sample counts for. Newer ones weigh more; and while the sample holds every ended call, the
 * long calls that are still live hand their weight to the ended calls that outlasted them, or else the first calls to
 * end, which are the short ones, would pass for typical (redistribution to the right: Efron 1967, which gives the
 * estimate of Kaplan and Meier).
 * @param ages of live calls, seconds; none when older ended calls are left out of the sample
 */
export function weightsOf(sample: readonly SampleCall[], ages: readonly number[]): Float64Array {
  const weights = Float64Array.from(sample, (_, rank) => 0.5 ** (rank / HALF_LIFE_CALLS));
  const longestFirst = sample.map((call, index) => ({ length: lengthOf(call), index }));
  longestFirst.sort((a, b) => b.length - a.length);
  for (const age of [...ages].sort((a, b) => a - b)) {
    let above = 0;
    let outlasting = 0;
    for (const { length, index } of longestFirst) {
      if (length <= age) break;
      above += weights[index] ?? 0;
      outlasting++;
    }
    for (const { index } of longestFirst.slice(0, outlasting)) {
      weights[index] = (weights[index] ?? 0) * (1 + 1 / above);
    }
  }
  return weights;
}

function lengthOf(call: SampleCall): number {
  return Math.max(SHORTEST, (call.endedAt - call.startedAt) / 1_000);
}

interface Weighted {
  readonly length: number;
  readonly weight: number;
  readonly reached: boolean;
}

/**
 * @param sample newest first, not empty
 * @param weights of its calls, see {@link weightsOf}
 */
export function handlingOf(sample: readonly SampleCall[], weights: Float64Array): Handling {
  const calls = sample
    .map((call, index) => ({ length: lengthOf(call), weight: weights[index] ?? 0, reached: call.reached }))
    .sort((a, b) => a.length - b.length);
  const reached = calls.filter((call) => call.reached);
  const missed = calls.filter((call) => !call.reached);
  const all = momentsOf(calls);
  const one = reached.length > 0 ? momentsOf(reached) : all;
  const zero = missed.length > 0 ? momentsOf(missed) : all;
  const any = picked(calls);
  return {
    reached: lengths(picked(reached.length > 0 ? reached : calls)),
    missed: lengths(picked(missed.length > 0 ? missed : calls)),
    any: lengths(any),
    anyPassed: sums(lengths(any)),
    anyReached: Uint8Array.from(any, (call) => (call.reached ? 1 : 0)),
    reachedMean: one.mean,
    reachedVariance: one.variance,
    missedMean: zero.mean,
    missedVariance: zero.variance,
    mean: all.mean,
    error: Math.sqrt(all.variance / all.effective) / all.mean,
  };
}

function momentsOf(calls: readonly Weighted[]): { mean: number; variance: number; effective: number } {
  let weight = 0;
  let squares = 0;
  let sum = 0;
  for (const call of calls) {
    weight += call.weight;
    squares += call.weight ** 2;
    sum += call.weight * call.length;
  }
  const mean = sum / weight;
  const variance = calls.reduce((total, call) => total + call.weight * (call.length - mean) ** 2, 0) / weight;
  return { mean, variance, effective: weight ** 2 / squares };
}

/** Systematic resampling: every pick stands for the same weight. */
function picked(calls: readonly Weighted[]): Weighted[] {
  const total = calls.reduce((sum, call) => sum + call.weight, 0);
  const picks: Weighted[] = [];
  let passed = 0;
  for (const call of calls) {
    passed += call.weight;
    while (picks.length < PICKS && ((picks.length + 0.5) / PICKS) * total <= passed) picks.push(call);
  }
  const last = calls.at(-1);
  while (last && picks.length < PICKS) picks.push(last);
  return picks;
}

function lengths(calls: readonly Weighted[]): Float64Array {
  return Float64Array.from(calls, (call) => call.length);
}

function sums(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}
