import type { SampleCall } from './types.ts';

/** Beta(a, b) of the chance that an attempt reaches its contact. */
export interface Chance {
  readonly a: number;
  readonly b: number;
}

/** Before any call: somewhat below a half, and easily persuaded. */
const PRIOR_MEAN = 0.4;
const PRIOR_CALLS = 2;
/** Later attempts are shrunk towards the attempt before, less this much: the easy contacts have left. */
const LATER_FACTOR = 0.8;
const LATER_CALLS = 12;

/**
 * Posterior chances by attempt number; index 0 is the first attempt. Calls of unknown attempt count as first
 * ones.
 * @param weights what each call of the sample counts for
 */
export function chancesOf(sample: readonly SampleCall[], weights: Float64Array, maxAttempts: number): Chance[] {
  const hits = new Float64Array(maxAttempts);
  const misses = new Float64Array(maxAttempts);
  sample.forEach((call, place) => {
    const index = Math.min(maxAttempts, call.attempt ?? 1) - 1;
    const side = call.reached ? hits : misses;
    side[index] = (side[index] ?? 0) + (weights[place] ?? 0);
  });
  const chances: Chance[] = [];
  let mean = PRIOR_MEAN;
  for (let index = 0; index < maxAttempts; index++) {
    const strength = index === 0 ? PRIOR_CALLS : LATER_CALLS;
    const a = mean * strength + (hits[index] ?? 0);
    const b = (1 - mean) * strength + (misses[index] ?? 0);
    chances.push({ a, b });
    mean = (a / (a + b)) * LATER_FACTOR;
  }
  return chances;
}
