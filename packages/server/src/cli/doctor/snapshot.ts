import { existsSync } from 'node:fs';
import { rowsOf, type Steps } from '../../store/access/steps.ts';
import { type Database, databasePath } from '../../store/sqlite/database.ts';
import { openAtMoment } from '../../store/sqlite/store-copy.ts';

/** A campaign of the store by its keys. */
export interface CampaignRef {
  readonly key: string;
  readonly workspace: string;
  readonly campaignId: string;
}

const PAGE = 500;
const REFS = `SELECT campaign_key AS "key", workspace, campaign_id AS "campaignId" FROM campaigns
              WHERE campaign_key > $1 ORDER BY campaign_key LIMIT ${PAGE}`;

/** Opens the embedded store for reading, as it is at this moment; a server may go on writing. `null`: there is none. */
export function openSnapshot(dataDir: string): Database | null {
  const path = databasePath(dataDir);
  return existsSync(path) ? openAtMoment(path) : null;
}

/** The next campaigns of a store in the order of their keys, none after the last. */
export function refsAfter(key: string): Steps<readonly CampaignRef[]> {
  return rowsOf<CampaignRef>(REFS, key);
}
