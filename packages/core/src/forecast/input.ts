import type { Phase } from '@ringside/protocol';
import { type Interval, outside } from '../active-time.ts';
import { fact, isBuiltIn } from '../campaign.ts';
import { zonesAsked } from '../dialing/calling-hours.ts';
import { shutIntervals, zonesOf } from '../dialing/campaign-hours.ts';
import type { CampaignState } from '../fold-work.ts';
import { retryReadingOf } from '../ledger.ts';
import { standingOf } from '../phase.ts';
import { MINUTE_MS, type Rollup, total } from '../rollup.ts';
import { activeIntervals } from '../switches.ts';
import { openContacts } from './open-contacts.ts';
import { paceSlots } from './pace-slots.ts';
import { newestOf, oldestOf } from './sample.ts';
import type { DeclaredPace, EndedMinute, ForecastInput, LiveCall, RetryPolicy, SampleCall } from './types.ts';

/** What a store adds to the campaign's state and rollup. */
export interface ForecastRows {
  /** Ended calls, each by `sampleCall`, in any order; the newest `SAMPLE_CALLS` must be among them. */
  readonly sample: readonly SampleCall[];
  /** Calls without an end, each by `liveCall`, in any order; the oldest `LIVE_CALLS` must be among them. */
  readonly live: readonly LiveCall[];
  /** Hours in which nothing may be dialed, past and to come, oldest first; left out: those of the declared windows. */
  readonly closed?: readonly Interval[];
}

/** Gathers what {@link forecast} needs. @param now epoch milliseconds */
export function forecastInput(state: CampaignState, rollup: Rollup, rows: ForecastRows, now: number): ForecastInput {
  const standing = standingOf(state, rollup, now);
  const closed = rows.closed ?? closedOf(state, standing.startedAt, now);
  const running = standing.startedAt === null ? [] : activeIntervals(rollup, standing.startedAt, now);
  const active = outside(running, closed);
  return {
    now,
    phase: phaseOf(standing.phase, closed, now),
    totalKnown: standing.progress.totalKnown,
    active,
    closed,
    notStarted: standing.progress.ledger.notStarted,
    open: openContacts(rollup, now, retryReadingOf(state.campaign)),
    live: {
      count: total(rollup, 'attempts') - total(rollup, 'ended'),
      calls: oldestOf(rows.live),
    },
    retry: policyOf(state),
    pace: paceOf(state),
    ended: total(rollup, 'ended'),
    sample: newestOf(rows.sample),
    slots: paceSlots(rollup, active, now),
    minutes: endedMinutes(rollup),
  };
}

function endedMinutes(rollup: Rollup): EndedMinute[] {
  const minutes: EndedMinute[] = [];
  for (const [minute, counts] of rollup.minutes) {
    const ended = counts.get('ended');
    if (ended !== undefined) minutes.push({ at: minute * MINUTE_MS, ended });
  }
  return minutes.sort((a, b) => a.at - b.at);
}

function paceOf(state: CampaignState): DeclaredPace | null {
  const pace = fact(state.campaign, 'pace');
  if (pace === null) return null;
  return { callsPerSecond: pace.callsPerSecond ?? null, concurrency: pace.concurrency ?? null };
}

/** Closed hours that are not declared are known here only. */
function phaseOf(phase: Phase, closed: readonly Interval[], now: number): Phase {
  const isShut = closed.some(({ from, to }) => from <= now && now < to);
  return isShut && (phase === 'running' || phase === 'stalled') ? 'waiting' : phase;
}

/** Where Ringside dials nothing needs to be inferred: without a policy there is one attempt. */
function policyOf({ campaign }: CampaignState): RetryPolicy | null {
  return fact(campaign, 'retry') ?? (isBuiltIn(campaign) ? { maxAttempts: 1, delaySeconds: 0 } : null);
}

/** Days, times zones: bounds what looking for closed hours costs. */
const ZONE_DAYS = 400;
const DAYS = { least: 30, most: 366 } as const;

/** Hours in which nothing may be dialed, as far back and ahead as matters: a year, less with many zones. */
function closedOf({ campaign }: CampaignState, startedAt: number | null, now: number): Interval[] {
  const windows = fact(campaign, 'windows');
  if (windows === null || startedAt === null) return [];
  const zones = zonesAsked(windows, zonesOf(campaign)).length;
  const days = Math.max(DAYS.least, Math.min(DAYS.most, ZONE_DAYS / zones));
  const far = days * 24 * 60 * MINUTE_MS;
  return shutIntervals(campaign, { from: Math.max(startedAt, now - far), to: now + far });
}
