import { addRollup } from '@ringside/core';
import { driveSteps } from '../access/steps.ts';
import { baseRollup } from '../privacy/bases.ts';
import { countDeliveries, replayedState } from '../replayed.ts';
import { minus } from '../rollup-difference.ts';
import { AccessTables } from './access-tables.ts';
import type { Tables } from './apply.ts';
import { loadBase } from './bases.ts';
import type { LiveCampaign } from './campaigns.ts';
import { foldStored, removeDerived } from './refold.ts';

/**
 * Writes a campaign again from its stored deliveries and what deleted ones came to, in one transaction, so that a
 * repair that is cut short leaves everything as it was. Memory holds one chunk of deliveries at a time.
 */
export function rebuildCampaign(
  tables: Pick<Tables, 'db' | 'campaigns' | 'rows'>,
  live: LiveCampaign,
  onChunk: (deliveries: number) => void,
): void {
  const { db, campaigns } = tables;
  db.exec('BEGIN IMMEDIATE');
  try {
    const written = [{ live, ...rebuilt(tables, live, onChunk) }];
    campaigns.write(written);
    db.exec('COMMIT');
    campaigns.commit(written);
    live.recent = null;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function rebuilt(
  { db, rows }: Pick<Tables, 'db' | 'rows'>,
  { key, state: { version }, rollup }: LiveCampaign,
  onChunk: (deliveries: number) => void,
) {
  removeDerived(db, key);
  const read = new AccessTables(db).rows;
  const { state, sum } = foldStored({ db, rows, key, onChunk });
  const { last } = driveSteps(countDeliveries(key), read);
  const base = loadBase(db, key);
  addRollup(sum, baseRollup(base));
  const lastOfCalls = rows.lastAt(key);
  return { state: replayedState(state, { last, lastOfCalls, base, version }), delta: minus(sum, rollup) };
}
