import {
  addRollup,
  type CampaignState,
  type Changes,
  deliveryFromText,
  drive,
  emptyRollup,
  fold,
  newCampaignState,
  type Rollup,
} from '@ringside/core';
import { baseRollup } from '../privacy/bases.ts';
import { minus } from '../rollup-difference.ts';
import type { Tables } from './apply.ts';
import type { CallRows } from './call-rows.ts';
import type { LiveCampaign } from './campaigns.ts';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

const CHUNK = 1_000;

/**
 * Folds all stored deliveries of a campaign again, from nothing; to be called inside a transaction.
 * @param latest the fold of the batch at hand, whose own deliveries are already in the log
 * @returns the new state, and the difference to the rollup in memory
 */
export function refold(
  tables: Tables,
  live: LiveCampaign,
  latest: Changes,
): { state: Changes['state']; delta: Rollup } {
  const { db, rows } = tables;
  removeDerived(db, live.key);
  const { state, sum } = foldStored({ db, rows, key: live.key });
  addRollup(sum, baseRollup(tables.bases.load(live.key)));
  const { firstAt, lastAt, firstCallAt, version } = latest.state;
  return { state: { ...state, firstAt, lastAt, firstCallAt, version }, delta: minus(sum, live.rollup) };
}

/** Tables whose rows follow from the stored deliveries, with the column that tells rows of a campaign apart. */
export const derivedTables = {
  calls: 'call_row',
  aliases: 'alias',
  contacts: 'contact_key',
  numbers: 'number',
  campaign_events: 'event_key',
} as const;

/** Removes what follows from the stored deliveries of a campaign, but for its sums. */
export function removeDerived(db: Database, key: string): void {
  for (const table of Object.keys(derivedTables)) db.prepare(`DELETE FROM ${table} WHERE campaign_key = ?`).run(key);
}

export interface StoredDeliveries {
  /** Where the deliveries are. */
  readonly db: Database;
  /** Where the calls go; nothing of this campaign is there yet. */
  readonly rows: CallRows;
  readonly key: string;
  /** Told after each chunk how many deliveries it had. */
  readonly onChunk?: (deliveries: number) => void;
}

/**
 * Folds the stored deliveries of a campaign, oldest first, a chunk at a time. What was said of the campaign itself comes
 * before all else, so that every number is read with the country that is now known.
 * @returns the sum of what they add, and the state as the deliveries about calls leave it
 */
export function foldStored({ db, rows, key, onChunk }: StoredDeliveries): { state: CampaignState; sum: Rollup } {
  const sum = emptyRollup();
  let state = newCampaignState;
  const foldPages = (statement: string, onPage: StoredDeliveries['onChunk']): void => {
    const pages = db.prepare(sqlText(statement));
    for (let after = 0; ; ) {
      const page = pages.all(key, after, CHUNK) as { seq: number; delivery: string }[];
      const last = page.at(-1);
      if (!last) return;
      const deliveries = page.map(({ delivery }) => deliveryFromText(delivery));
      const seqs = page.map(({ seq }) => seq);
      const changes = drive(fold(state, deliveries, seqs), (wanted) => rows.read(key, wanted));
      rows.write(key, changes);
      addRollup(sum, changes.delta);
      state = changes.state;
      after = last.seq;
      onPage?.(page.length);
    }
  };
  foldPages('campaign-deliveries', undefined);
  state = { ...newCampaignState, campaign: state.campaign };
  foldPages('events-of-campaign', onChunk);
  return { state, sum };
}
