import { contactOf } from './contact.ts';
import { callContribution, contactContribution } from './contribution.ts';
import type { CallRow, CampaignState, Changes, Found, Wanted } from './fold-work.ts';
import { statedPairs } from './identity.ts';
import { addCounts, emptyRollup, type Rollup } from './rollup.ts';

/** What the calls of a campaign came to whose records were deleted: a report is this and what the other records add. */
export interface BaseRollup {
  /** Everything that was deleted had been said at this moment or before, epoch milliseconds. */
  readonly deletedBefore: number;
  /** Earliest and latest `at` of what was deleted. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly rollup: Rollup;
}

/** The state of a campaign that also heard of the calls that were deleted. */
export function withBase(
  state: CampaignState,
  { firstAt, lastAt }: Pick<BaseRollup, 'firstAt' | 'lastAt'>,
): CampaignState {
  return {
    ...state,
    firstAt: Math.min(state.firstAt ?? firstAt, firstAt),
    lastAt: Math.max(state.lastAt ?? lastAt, lastAt),
    firstCallAt: Math.min(state.firstCallAt ?? firstAt, firstAt),
  };
}

/** What goes with calls that are taken out, and the difference that makes. */
export interface Removal extends Pick<Changes, 'removedCalls' | 'contacts' | 'removedContacts' | 'numbers' | 'delta'> {
  readonly removedAliases: readonly string[];
  readonly removedNumbers: readonly string[];
}

/**
 * Takes calls out of a campaign. It yields what it must read, as the fold does.
 * @param isGone whether nothing that stays states this number and contact id together
 */
export function* withoutCalls(
  rows: readonly CallRow[],
  country: string | null,
  isGone: (number: string, contactId: string) => boolean,
): Generator<Wanted, Removal, Found> {
  const pairs = rows.flatMap(({ call }) => statedPairs(call, country)).filter(([number, id]) => isGone(number, id));
  const wanted = {
    contacts: [...new Set(rows.flatMap(({ contact }) => contact ?? []))],
    numbers: [...new Set(pairs.map(([number]) => number))],
  };
  const found = yield { aliases: [], rows: [], ...wanted };
  const delta = emptyRollup();
  for (const { call } of rows) addCounts(delta, callContribution(call), -1);
  const removedCalls = rows.map(({ row }) => row);
  return {
    removedCalls,
    removedAliases: rows.flatMap(({ call }) => call.aliases.map(({ id }) => id)),
    ...contactsWithout(new Set(removedCalls), found, delta),
    ...numbersWithout(pairs, found),
    delta,
  };
}

function contactsWithout(
  removed: ReadonlySet<string>,
  found: Found,
  delta: Rollup,
): Pick<Removal, 'contacts' | 'removedContacts'> {
  const left = found.contacts.map((before) => {
    const after = contactOf(
      before.key,
      before.attempts.filter(({ call }) => !removed.has(call)),
    );
    addCounts(delta, contactContribution(before), -1);
    addCounts(delta, contactContribution(after), 1);
    return after;
  });
  return {
    contacts: left.filter(({ attempts }) => attempts.length > 0),
    removedContacts: left.filter(({ attempts }) => attempts.length === 0).map(({ key }) => key),
  };
}

function numbersWithout(
  pairs: readonly (readonly [number: string, id: string])[],
  found: Found,
): Pick<Removal, 'numbers' | 'removedNumbers'> {
  const left = [...found.numbers].map(([number, ids]) => {
    const gone = new Set(pairs.filter(([of]) => of === number).map(([, id]) => id));
    return [number, ids.filter((id) => !gone.has(id))] as const;
  });
  return {
    numbers: left.filter(([, ids]) => ids.length > 0),
    removedNumbers: left.filter(([, ids]) => ids.length === 0).map(([number]) => number),
  };
}
