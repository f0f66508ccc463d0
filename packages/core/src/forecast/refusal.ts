import { lengthOf } from '../active-time.ts';
import type { ForecastInput } from './types.ts';

const LEAST_ENDED = 20;
const LEAST_ACTIVE_MS = 120_000;

/** Why there is no figure, in words, or `null` when there can be one. */
export function refusalOf(input: ForecastInput): string | null {
  switch (input.phase) {
    case 'draft':
    case 'scheduled':
    case 'queued':
      return 'Not dialing yet.';
    case 'completed':
      return 'Nothing is left to do.';
    case 'cancelled':
    case 'failed':
      return 'It was ended before its list was through.';
    case 'stalled':
      return 'Stalled: contacts remain, but nothing has been heard for much longer than usual.';
    default:
      return tooEarly(input);
  }
}

function tooEarly(input: ForecastInput): string | null {
  if (!input.totalKnown) return 'The length of the list is not known.';
  if (input.ended < LEAST_ENDED || input.sample.length === 0) {
    return `Too early: ${input.ended} of the ${LEAST_ENDED} ended calls that a forecast needs.`;
  }
  if (lengthOf(input.active) < LEAST_ACTIVE_MS) return 'Too early: dialing for less than two minutes.';
  return null;
}
