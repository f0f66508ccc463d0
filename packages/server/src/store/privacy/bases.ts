import { addRollup, type BaseRollup, emptyRollup, type Rollup } from '@ringside/core';
import { ask, type BaseChange, type BaseHeader, type CampaignWork } from './campaign-work.ts';

/** Adds what deleted calls came to to the base of their campaign. @returns what of the base is asked with every batch */
export function* addToBase(added: BaseChange): CampaignWork<BaseHeader> {
  const known = yield* ask((rows) => rows.base([...added.rollup.minutes.keys()]));
  const header: BaseHeader = {
    deletedBefore: Math.max(known?.deletedBefore ?? 0, added.deletedBefore),
    firstAt: Math.min(known?.firstAt ?? added.firstAt, added.firstAt),
    lastAt: Math.max(known?.lastAt ?? 0, added.lastAt),
  };
  const rollup = emptyRollup();
  addRollup(rollup, baseRollup(known));
  addRollup(rollup, added.rollup);
  yield* ask((rows) => rows.putBase({ ...added, ...header, rollup }));
  return header;
}

/** The rollup of deleted calls, empty when there are none. */
export function baseRollup(base: BaseRollup | null): Rollup {
  return base?.rollup ?? emptyRollup();
}
