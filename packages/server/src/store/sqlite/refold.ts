import {
  addRollup,
  type Campaign,
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
  const { state, sum } = foldStored({ db, rows, key: live.key, campaign: latest.state.campaign });
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
  /** The campaign's own facts come first, so that every number is read with the country that is now known. */
  readonly campaign: Campaign;
  /** Told after each chunk how many deliveries it had. */
  readonly onChunk?: (deliveries: number) => void;
}

/**
 * Folds the stored deliveries of a campaign, oldest first, a chunk at a time.
 * @returns the sum of what they add, and the state as the deliveries about calls leave it
 */
export function foldStored({ db, rows, key, campaign, onChunk }: StoredDeliveries): {
  state: CampaignState;
  sum: Rollup;
} {
  const events = db.prepare(sqlText('events-of-campaign'));
  let state: CampaignState = { ...newCampaignState, campaign };
  const sum = emptyRollup();
  let after = 0;
  for (;;) {
    const page = events.all(key, after, CHUNK) as { seq: number; delivery: string }[];
    if (page.length === 0) return { state, sum };
    const deliveries = page.map(({ delivery }) => deliveryFromText(delivery));
    const seqs = page.map(({ seq }) => seq);
    const changes = drive(fold(state, deliveries, seqs), (wanted) => rows.read(key, wanted));
    rows.write(key, changes);
    addRollup(sum, changes.delta);
    state = changes.state;
    after = page.at(-1)?.seq ?? after;
    onChunk?.(page.length);
  }
}
