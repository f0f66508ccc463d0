import { addRollup, type Rollup } from '@ringside/core';

/** The difference of two rollups. */
export function minus(a: Rollup, b: Rollup): Rollup {
  const negated: Rollup = {
    totals: negate(b.totals),
    minutes: new Map([...b.minutes].map(([minute, counts]) => [minute, negate(counts)])),
  };
  addRollup(negated, a);
  return negated;
}

function negate(counts: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...counts].map(([key, n]) => [key, -n]));
}
