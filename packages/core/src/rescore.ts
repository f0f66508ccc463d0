import type { LeadRules } from '@ringside/protocol';
import { callContribution } from './contribution.ts';
import type { CallRow } from './fold-work.ts';
import { scored } from './lead-score.ts';
import { addCounts, emptyRollup, type Rollup } from './rollup.ts';

/** Scores some calls again by other rules: the rows that change, and the difference that makes. */
export function rescoreRows(
  rows: readonly CallRow[],
  rules: LeadRules,
): { changed: readonly CallRow[]; delta: Rollup } {
  const delta = emptyRollup();
  const changed = rows.flatMap((row) => {
    const call = scored(row.call, rules);
    if (call === row.call) return [];
    addCounts(delta, callContribution(row.call), -1);
    addCounts(delta, callContribution(call), 1);
    return [{ ...row, call }];
  });
  return { changed, delta };
}
