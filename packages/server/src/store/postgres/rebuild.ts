import { addRollup } from '@ringside/core';
import { driveStepsLater } from '../access/steps.ts';
import { countDeliveries, replayedState } from '../replayed.ts';
import { minus } from '../rollup-difference.ts';
import type { Change } from './campaign-writer.ts';
import { LiveCampaigns } from './live-campaigns.ts';
import { type LockedCampaign, sumsOf } from './locked-campaign.ts';
import { PostgresReadSource } from './read-source.ts';
import { foldStored } from './refold.ts';
import type { Session } from './session.ts';

/**
 * Builds a locked campaign again from its stored deliveries and what deleted ones came to. Its version moves on, so
 * every node reads it anew.
 */
export async function rebuildCampaign(
  session: Session,
  locked: LockedCampaign,
  onChunk: (deliveries: number) => void,
): Promise<Change> {
  const { key } = locked.name;
  const { last } = await driveStepsLater(countDeliveries(key), session.step);
  const { state, sum } = await foldStored(session, key, onChunk);
  const base = await new PostgresReadSource(session, new LiveCampaigns(session)).base(key);
  if (base) addRollup(sum, base.rollup);
  const latest = await session.row<{ last_at: number }>('calls-last-at', key);
  const version = Math.max(locked.state.version, await newestMinute(session, key)) + 1;
  return {
    state: replayedState(state, { last, lastOfCalls: latest?.last_at ?? 0, base, version }),
    delta: minus(sum, await sumsOf(session, locked)),
  };
}

/** Nodes may know a version of a campaign whose row was lost: the minutes tell which. */
async function newestMinute(session: Session, key: string): Promise<number> {
  const sql = 'SELECT coalesce(max(version), 0) AS version FROM buckets WHERE campaign_key = $1';
  const [row] = await session.query<{ version: number }>(sql, key);
  return row?.version ?? 0;
}
