import {
  addRollup,
  type Changes,
  type Delivery,
  drive,
  emptyRollup,
  fold,
  newCampaignState,
  type Rollup,
} from '@ringside/core';
import type { Tables } from './apply.ts';
import type { LiveCampaign } from './campaigns.ts';
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
  for (const table of ['calls', 'aliases', 'contacts', 'numbers']) {
    db.prepare(`DELETE FROM ${table} WHERE campaign_key = ?`).run(live.key);
  }
  const events = db.prepare(sqlText('events-of-campaign'));
  // The campaign's own facts come first, so that every number is read with the country that is now known.
  let state = { ...newCampaignState, campaign: latest.state.campaign };
  const sum = emptyRollup();
  let after = 0;
  for (;;) {
    const page = events.all(live.key, after, CHUNK) as { seq: number; delivery: string }[];
    if (page.length === 0) break;
    const deliveries = page.map(({ delivery }) => JSON.parse(delivery) as Delivery);
    const seqs = page.map(({ seq }) => seq);
    const changes = drive(fold(state, deliveries, seqs), (wanted) => rows.read(live.key, wanted));
    rows.write(live.key, changes);
    addRollup(sum, changes.delta);
    state = changes.state;
    after = page.at(-1)?.seq ?? after;
  }
  const { firstAt, lastAt, firstCallAt, version } = latest.state;
  return { state: { ...state, firstAt, lastAt, firstCallAt, version }, delta: minus(sum, live.rollup) };
}

function minus(a: Rollup, b: Rollup): Rollup {
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
