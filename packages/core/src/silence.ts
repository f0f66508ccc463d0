import { lengthOf } from './active-time.ts';
import { isBuiltIn } from './campaign.ts';
import { dialingIntervals, openSince } from './dialing/campaign-hours.ts';
import type { CampaignState } from './fold-work.ts';
import { type Progress, waitingGroups } from './ledger.ts';
import { MINUTE_MS, type Rollup, total } from './rollup.ts';

/** What a campaign is at a moment, before that is judged. */
export interface Moment {
  readonly state: CampaignState;
  readonly rollup: Rollup;
  readonly progress: Progress;
  readonly startedAt: number | null;
  readonly now: number;
}

const STALLED_AFTER_GAPS = 5;
const STALLED_AT_LEAST_MS = 2 * MINUTE_MS;

/** No event for five times the usual gap between events of active time, and for two minutes at least. */
export function isQuiet(moment: Moment): boolean {
  const { state, rollup, now } = moment;
  const startedAt = moment.startedAt ?? now;
  const heardAt = Math.max(state.lastAt ?? 0, startedAt);
  if (now - heardAt <= STALLED_AT_LEAST_MS) return false;
  const silence = now - couldDialSince(moment, heardAt);
  if (silence <= STALLED_AT_LEAST_MS) return false;
  const events = total(rollup, 'attempts') + total(rollup, 'ended');
  const active = lengthOf(dialingIntervals(state.campaign, rollup, { from: startedAt, to: heardAt }));
  const usualGap = events === 0 ? 0 : active / events;
  return silence > STALLED_AFTER_GAPS * usualGap;
}

/** Silence counts from when something could be dialed: within the calling hours, after a hold, and a retry being due. */
function couldDialSince({ state: { campaign }, rollup, progress, now }: Moment, heardAt: number): number {
  const openedAt = openSince(campaign, { from: heardAt, to: now });
  if (!isBuiltIn(campaign)) return openedAt;
  const heldUntil = campaign.hold?.value.until ?? 0;
  const dueAt = progress.ledger.notStarted > 0 ? 0 : (waitingGroups(campaign, rollup, now)[0]?.dueAt ?? 0);
  return Math.max(openedAt, heldUntil, dueAt);
}
