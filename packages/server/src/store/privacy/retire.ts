import { type CampaignState, emptyRollup, fact, spanOf, withoutCalls } from '@ringside/core';
import type { RetryRules } from '../contact-view.ts';
import { minus } from '../rollup-difference.ts';
import { addToBase } from './bases.ts';
import { ask, type BaseHeader, type CampaignWork, find, reading } from './campaign-work.ts';
import { groupsOf, isOver } from './retention-groups.ts';

/** Which records of a campaign are deleted. */
export interface RetireTerms {
  readonly state: CampaignState;
  /** Those of which nothing was heard since, epoch milliseconds. */
  readonly until: number;
  readonly rules: RetryRules;
  /** Calls whose group was looked at in this pass and stays. */
  readonly looked: { has(row: string): boolean; add(row: string): unknown };
}

export interface Retired {
  /** Rows of the calls that were deleted. */
  readonly rows: readonly string[];
  /** The base as it is now; `null` when nothing was deleted. */
  readonly base: BaseHeader | null;
}

/**
 * Deletes those of some calls whose time is up, each with its whole group, and adds what they came to to the base of
 * their campaign: the sums that reports are made of stay as they are.
 */
export function* retire(names: readonly string[], { state, until, rules, looked }: RetireTerms): CampaignWork<Retired> {
  const unseen = names.filter((name) => !looked.has(name));
  if (unseen.length === 0) return { rows: [], base: null };
  const country = fact(state.campaign, 'defaultCountry');
  const groups = yield* groupsOf((yield* find({ rows: unseen })).calls, country);
  const over = groups.filter((group) => group.isWhole && isOver(group, until, rules));
  for (const group of groups) if (!over.includes(group)) for (const row of group.calls.keys()) looked.add(row);
  const gone = over.flatMap(({ calls }) => [...calls.values()]);
  if (gone.length === 0) return { rows: [], base: null };
  const removal = yield* reading(withoutCalls(gone, country, () => true));
  yield* ask((rows) => rows.remove(removal, state));
  yield* ask((rows) => rows.removeDeliveries(gone.flatMap(({ seqs }) => seqs)));
  const spans = gone.map(({ call }) => spanOf(call));
  const base = yield* addToBase({
    deletedBefore: until,
    firstAt: spans.reduce((first, span) => Math.min(first, span.first), until),
    lastAt: spans.reduce((last, span) => Math.max(last, span.last), 0),
    rollup: minus(emptyRollup(), removal.delta),
    calls: gone.length,
    contacts: over.reduce((sum, { contacts }) => sum + contacts.length, 0),
  });
  return { rows: removal.removedCalls, base };
}
