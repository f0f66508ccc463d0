import type { LeadRules } from '@ringside/protocol';
import type { Contact } from './contact.ts';
import { callContribution } from './contribution.ts';
import { placesOf } from './fold-scores.ts';
import type { CallRow } from './fold-work.ts';
import { scored } from './lead-score.ts';
import { addCounts, emptyRollup, type Rollup } from './rollup.ts';

/**
 * Scores some calls again by other rules: the rows that change, and the difference that makes.
 * @param contacts those of the calls; needed only by rules that count attempts, see {@link countsAttempts}
 */
export function rescoreRows(
  rows: readonly CallRow[],
  rules: LeadRules,
  contacts: readonly Contact[],
): { changed: readonly CallRow[]; delta: Rollup } {
  const places = placesOf(contacts);
  const delta = emptyRollup();
  const changed = rows.flatMap((row) => {
    const call = scored(row.call, rules, places.get(row.row) ?? 1);
    if (call === row.call) return [];
    addCounts(delta, callContribution(row.call), -1);
    addCounts(delta, callContribution(call), 1);
    return [{ ...row, call }];
  });
  return { changed, delta };
}
