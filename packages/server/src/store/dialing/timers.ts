import { rowsOf, type Steps } from '../access/steps.ts';
import type { CampaignRef } from '../among-nodes.ts';
import type { Timer } from './dial-store.ts';

/** A campaign has one timer of each kind: the last one set counts. */
export function* setTimer({ workspace, campaignId, what, dueAt }: Timer): Steps<void> {
  yield* rowsOf(
    `INSERT INTO timers (workspace, campaign_id, what, due_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (workspace, campaign_id, what) DO UPDATE SET due_at = excluded.due_at`,
    ...[workspace, campaignId, what, dueAt],
  );
}

/**
 * Lets time-outs of external dialers be looked at now that lie further ahead than they can: the clock was set back since.
 * @param furthest epoch milliseconds
 */
export function* hastenConfirms(now: number, furthest: number): Steps<void> {
  yield* rowsOf("UPDATE timers SET due_at = $1 WHERE what = 'confirm' AND due_at > $2", now, furthest);
}

/** Takes away a timer that was carried out. One that was set to another time meanwhile stays. */
export function* clearTimer({ workspace, campaignId }: CampaignRef, what: Timer['what'], dueAt: number): Steps<void> {
  const sql = 'DELETE FROM timers WHERE workspace = $1 AND campaign_id = $2 AND what = $3 AND due_at = $4';
  yield* rowsOf(sql, workspace, campaignId, what, dueAt);
}

/** Timers whose time has come, oldest first. They stay until they are cleared or set again. */
export function* dueTimers(now: number, limit: number): Steps<readonly Timer[]> {
  return yield* rowsOf<Timer>(
    `SELECT workspace, campaign_id AS "campaignId", what, due_at AS "dueAt" FROM timers
     WHERE due_at <= $1 ORDER BY due_at, workspace, campaign_id LIMIT $2`,
    ...[now, limit],
  );
}
