import { rowOf, rowsOf, type Steps } from '../access/steps.ts';
import type { CampaignRef } from '../among-nodes.ts';
import { campaignKey } from '../campaign-key.ts';
import type { DialedCampaign, ListFacts } from './dial-store.ts';

/** A list as it is stored. */
export interface ListRecord extends ListFacts {
  readonly lastPosition: number;
}

interface ListColumns {
  readonly contacts: number;
  readonly zones: string;
  readonly excluded: string;
  readonly last_position: number;
}

/** Makes the campaign one that Ringside dials. Its account may change, whether it is looked at stays as it is. */
export function* openList({ workspace, campaignId, account }: DialedCampaign): Steps<void> {
  yield* rowsOf(
    `INSERT INTO lists (campaign_key, workspace, campaign_id, account, is_open, contacts, zones, retired, excluded, last_position)
     VALUES ($1, $2, $3, $4, 1, 0, '{}', 0, '{}', 0)
     ON CONFLICT (campaign_key) DO UPDATE SET account = excluded.account`,
    ...[campaignKey(workspace, campaignId), workspace, campaignId, account],
  );
}

export function* listFacts({ workspace, campaignId }: CampaignRef): Steps<ListFacts | null> {
  const row = yield* rowOf<ListColumns>(
    'SELECT contacts, zones, excluded, last_position FROM lists WHERE campaign_key = $1',
    campaignKey(workspace, campaignId),
  );
  if (!row) return null;
  const { contacts, zones, excluded } = recordOf(row);
  return { contacts, zones, excluded };
}

/** Keeps everybody else from changing what the list consists of until the transaction ends. */
export function* lockList(key: string): Steps<ListRecord | null> {
  const row = yield* rowOf<ListColumns>(
    `UPDATE lists SET last_position = last_position WHERE campaign_key = $1
     RETURNING contacts, zones, excluded, last_position`,
    key,
  );
  return row && recordOf(row);
}

/** Counts contacts that will not be called, for one more reason. */
export function* countExcluded(key: string, reason: string, count: number): Steps<void> {
  if (count === 0) return;
  const list = yield* lockList(key);
  if (!list) return;
  const excluded = { ...list.excluded, [reason]: (list.excluded[reason] ?? 0) + count };
  yield* rowsOf('UPDATE lists SET excluded = $2 WHERE campaign_key = $1', key, JSON.stringify(excluded));
}

/** Campaigns that the dialer must look at. */
export function* dialedCampaigns(): Steps<readonly DialedCampaign[]> {
  return yield* rowsOf<DialedCampaign>(
    `SELECT workspace, campaign_id AS "campaignId", account FROM lists WHERE is_open = 1
     ORDER BY workspace, campaign_id`,
  );
}

export function* setListOpen({ workspace, campaignId }: CampaignRef, isOpen: boolean): Steps<void> {
  const sql = 'UPDATE lists SET is_open = $2 WHERE campaign_key = $1';
  yield* rowsOf(sql, campaignKey(workspace, campaignId), isOpen ? 1 : 0);
}

function recordOf({ contacts, zones, excluded, last_position: lastPosition }: ListColumns): ListRecord {
  return { contacts, zones: JSON.parse(zones), excluded: JSON.parse(excluded), lastPosition };
}
