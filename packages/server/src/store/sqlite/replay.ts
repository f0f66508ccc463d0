import {
  addRollup,
  type Campaign,
  type CampaignDelivery,
  type CampaignState,
  mergeCampaign,
  type Rollup,
  unknownCampaign,
  withBase,
  withLastAt,
} from '@ringside/core';
import { baseRollup } from '../privacy/bases.ts';
import { minus } from '../rollup-difference.ts';
import type { Tables } from './apply.ts';
import { loadBase } from './bases.ts';
import type { LiveCampaign } from './campaigns.ts';
import type { Database } from './database.ts';
import { foldStored, removeDerived, type StoredDeliveries } from './refold.ts';

/** What a campaign comes to by its stored deliveries. */
export interface Replayed {
  readonly state: CampaignState;
  readonly rollup: Rollup;
}

/**
 * Makes a campaign's state, rows and sums again from its stored deliveries and what deleted ones came to.
 * @param version the one that readers have seen: it never goes back, and other work than deliveries moves it on
 */
export function replay(source: Omit<StoredDeliveries, 'campaign'>, version: number): Replayed {
  const { db, rows, key } = source;
  const campaign = campaignOfDeliveries(db, key);
  const { state, sum } = foldStored({ ...source, campaign });
  const { last } = countDeliveries(db, key);
  const base = loadBase(db, key);
  addRollup(sum, baseRollup(base));
  if (last === 0 && !base) return { state, rollup: sum };
  const { firstCallAt } = base ? withBase(state, base) : state;
  const ats = [...campaign.history.map(({ at }) => at), ...(firstCallAt === null ? [] : [firstCallAt])];
  const whole = { ...state, firstCallAt, firstAt: Math.min(...ats), version: Math.max(last, version) };
  return { state: withLastAt(whole, Math.max(rows.lastAt(key), base?.lastAt ?? 0)), rollup: sum };
}

/** How many deliveries are stored, and the number of the last. */
export function countDeliveries(db: Database, key: string): { readonly count: number; readonly last: number } {
  const sql = 'SELECT count(*) AS count, coalesce(max(seq), 0) AS last FROM call_events WHERE campaign_key = ?';
  return db.prepare(sql).get(key) as { count: number; last: number };
}

/**
 * Writes a campaign again from its stored deliveries, in one transaction, so that a repair that is cut short leaves
 * everything as it was. Memory holds one chunk of deliveries at a time.
 */
export function rebuildCampaign(
  { db, campaigns, rows }: Pick<Tables, 'db' | 'campaigns' | 'rows'>,
  live: LiveCampaign,
  onChunk: (deliveries: number) => void,
): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    removeDerived(db, live.key);
    const { state, rollup } = replay({ db, rows, key: live.key, onChunk }, live.state.version);
    const written = [{ live, state, delta: minus(rollup, live.rollup) }];
    campaigns.write(written);
    db.exec('COMMIT');
    campaigns.commit(written);
    live.recent = null;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** The deliveries about the campaign itself are few; the database picks them out. */
function campaignOfDeliveries(db: Database, key: string): Campaign {
  const sql = `SELECT delivery FROM call_events
               WHERE campaign_key = ? AND json_extract(delivery, '$.about') = 'campaign' ORDER BY seq`;
  let campaign = unknownCampaign;
  for (const { delivery } of db.prepare(sql).iterate(key) as Iterable<{ delivery: string }>) {
    campaign = mergeCampaign(campaign, JSON.parse(delivery) as CampaignDelivery);
  }
  return campaign;
}
