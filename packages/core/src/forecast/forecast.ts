import { iso } from '../instant.ts';
import { basisOf, remainingInWords } from './basis.ts';
import { afterOpen } from './hours.ts';
import { missesOf } from './misses.ts';
import { type Plan, planOf } from './plan.ts';
import { refusalOf } from './refusal.ts';
import { type Outcome, RUNS, simulate } from './simulation.ts';
import type { Forecast, ForecastInput } from './types.ts';
import { type Range, widened } from './widen.ts';
import { LONGEST_SECONDS } from './words.ts';

/** A forecast, and its median as people read it. */
export interface ForecastResult {
  readonly forecast: Forecast;
  /** Median in words, `null` without a figure. */
  readonly estimatedTimeRemaining: string | null;
}

/**
 * When the campaign will end, as a range that should hold the truth four times in five. A pure function: the rest of
 * the campaign is run forward a fixed number of times with fixed seeds.
 */
export function forecast(input: ForecastInput): Forecast {
  return forecastResult(input).forecast;
}

/** {@link forecast}, with its median in words. */
export function forecastResult(input: ForecastInput): ForecastResult {
  const sample = input.sample.length;
  const refusal = refusalOf(input);
  if (refusal !== null) {
    const refused = { seconds: null, endTime: null, basis: refusal, sample };
    return { forecast: refused, estimatedTimeRemaining: null };
  }
  const plan = planOf(input);
  const outcomes = simulate(plan);
  const starts = outcomes.reduce((sum, outcome) => sum + outcome.starts, 0) / RUNS;
  const missed = missesOf(input, input.ended + starts + input.live.count);
  const seconds = rounded(widened(rangeOf(outcomes, plan), missed), plan);
  return {
    forecast: { seconds, endTime: endTimeOf(input, seconds), basis: basisOf(input, plan, seconds.p50), sample },
    estimatedTimeRemaining: remainingInWords(input, seconds.p50),
  };
}

/** Retries that nobody declared or showed leave room above; the median does without them. */
function rangeOf(outcomes: readonly Outcome[], { retry }: Plan): Range {
  const sorted = sortedSeconds(outcomes);
  const likely = retry.source === 'none' ? sortedSeconds(outcomes.filter(({ oneMore }) => !oneMore)) : sorted;
  return { p10: quantile(sorted, 0.1), p50: quantile(likely, 0.5), p90: quantile(sorted, 0.9) };
}

function sortedSeconds(outcomes: readonly Outcome[]): number[] {
  return outcomes.map(({ seconds }) => seconds).sort((a, b) => a - b);
}

/** Between neighbours, as is usual (type 7 of Hyndman and Fan, 1996). */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

/** Whole seconds, at least one, and never before the last retry that is scheduled plus a call. */
function rounded(range: Range, plan: Plan): Range {
  const lastDue = plan.waiting.at(-1)?.due ?? 0;
  const call = Math.min(plan.handling.reachedMean, plan.handling.missedMean);
  const least = lastDue > 0 ? lastDue + call : 1;
  const whole = (seconds: number): number => Math.ceil(Math.min(LONGEST_SECONDS, Math.max(1, least, seconds)));
  return { p10: whole(range.p10), p50: whole(range.p50), p90: whole(range.p90) };
}

function endTimeOf(input: ForecastInput, seconds: Range): Forecast['endTime'] {
  if (input.phase === 'paused' || input.phase === 'pausing') return null;
  const at = (active: number): string => iso(afterOpen(input.now, active * 1_000, input.closed));
  return { p10: at(seconds.p10), p50: at(seconds.p50), p90: at(seconds.p90) };
}
