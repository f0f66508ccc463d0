/**
 * Durations in fixed buckets on a logarithmic scale. Counts of equal buckets add up, so a histogram can be kept by
 * difference and merged over campaigns. Buckets grow by 2^(1/8), which bounds the error of a percentile to ± 4.5 %
 * (half a bucket) from 9 s up; below that, buckets are whole seconds and percentiles are exact.
 */
const STEPS_PER_DOUBLING = 8;
const EXACT_BELOW = 9;

/** Bucket of a duration in whole seconds. */
export function bucketOf(seconds: number): number {
  if (seconds < EXACT_BELOW) return seconds;
  return EXACT_BELOW + Math.floor(Math.log2(seconds / EXACT_BELOW) * STEPS_PER_DOUBLING + 1e-9);
}

/** Representative duration of a bucket, in whole seconds: the middle of its range on the logarithmic scale. */
export function secondsOf(bucket: number): number {
  if (bucket < EXACT_BELOW) return bucket;
  return Math.round(EXACT_BELOW * 2 ** ((bucket - EXACT_BELOW + 0.5) / STEPS_PER_DOUBLING));
}

/**
 * The smallest bucket value that at least `share` of the durations do not exceed (nearest rank).
 * @param counts count per bucket, in any order
 * @returns whole seconds, or `null` for an empty histogram
 */
export function percentile(counts: ReadonlyMap<number, number>, share: number): number | null {
  const buckets = [...counts.entries()].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(total * share));
  let reached = 0;
  for (const [bucket, count] of buckets) {
    reached += count;
    if (reached >= rank) return secondsOf(bucket);
  }
  return null;
}
