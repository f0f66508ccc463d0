import { iso } from '../instant.ts';
import type { Plan } from './plan.ts';
import type { ForecastInput } from './types.ts';
import { durationInWords } from './words.ts';

/** What the figure rests on, in words. @param remaining median, active seconds */
export function basisOf(input: ForecastInput, plan: Plan, remaining: number): string {
  const standing = standingWords(input, plan, remaining);
  const seen = `From the last ${input.sample.length} calls: ${paceWords(plan)}; ${retryWords(plan)}.`;
  return standing === null ? seen : `${standing}. ${seen}`;
}

/** The median in words; while paused with what it depends on. */
export function remainingInWords({ phase }: ForecastInput, seconds: number): string {
  const words = durationInWords(seconds);
  return phase === 'paused' || phase === 'pausing' ? `${words} of dialing left once resumed` : words;
}

function standingWords(input: ForecastInput, plan: Plan, remaining: number): string | null {
  switch (input.phase) {
    case 'paused':
    case 'pausing':
      return `Paused: ${remainingInWords(input, remaining)}`;
    case 'waiting':
      return waitingWords(input, plan, remaining);
    default:
      return null;
  }
}

function waitingWords({ now, closed }: ForecastInput, plan: Plan, remaining: number): string {
  const shut = closed.find(({ from, to }) => from <= now && now < to);
  if (shut)
    return `Waiting for the calling hours at ${iso(shut.to)}: ${durationInWords(remaining)} of dialing left then`;
  const due = plan.waiting[0]?.due;
  if (due === undefined) return 'Waiting';
  return due <= 0 ? 'Waiting: retries are due' : `Waiting: the next retry is due in ${durationInWords(due)}`;
}

function paceWords({ pace, handling }: Plan): string {
  const perMinute = pace.isLineBound ? (60 * pace.busyLines) / handling.mean : 60 * pace.rate;
  const lines = pace.isLineBound ? `${shown(pace.busyLines)} at a time` : `${shown(perMinute)} started a minute`;
  return `${shown(handling.mean)} s each, ${lines}`;
}

function retryWords({ retry }: Plan): string {
  const rule = `up to ${retry.maxAttempts} attempts, ${durationInWords(retry.delay)} apart`;
  switch (retry.source) {
    case 'declared':
      return retry.maxAttempts === 1 ? 'no retries, as declared' : `${rule}, as declared`;
    case 'announced':
      return `${rule}, as the ends announce`;
    case 'seen':
      return `${rule}, inferred from retries seen, as no policy is declared`;
    case 'none':
      return 'no policy is declared and no retry was seen, so none is counted';
  }
}

function shown(value: number): string {
  return value >= 9.5 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
