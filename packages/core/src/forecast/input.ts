import type { Phase } from '@ringside/protocol';
import { activeIntervals, type Interval, outside } from '../active-time.ts';
import { fact } from '../campaign.ts';
import type { CampaignState } from '../fold-work.ts';
import { retryReadingOf } from '../ledger.ts';
import { standingOf } from '../phase.ts';
import { MINUTE_MS, type Rollup, total } from '../rollup.ts';
import { openContacts } from './open-contacts.ts';
import { paceSlots } from './pace-slots.ts';
import { newestOf, oldestOf } from './sample.ts';
import type { DeclaredPace, EndedMinute, ForecastInput, LiveCall, SampleCall } from './types.ts';

/** What a store adds to the campaign's state and rollup. */
export interface ForecastRows {
  /** Ended calls, each by `sampleCall`, in any order; the newest `SAMPLE_CALLS` must be among them. */
  readonly sample: readonly SampleCall[];
  /** Calls without an end, each by `liveCall`, in any order; the oldest `LIVE_CALLS` must be among them. */
  readonly live: readonly LiveCall[];
  /** Hours in which nothing may be dialed, past and to come, oldest first. */
  readonly closed?: readonly Interval[];
}

/** Gathers what {@link forecast} needs. @param now epoch milliseconds */
export function forecastInput(state: CampaignState, rollup: Rollup, rows: ForecastRows, now: number): ForecastInput {
  const standing = standingOf(state, rollup, now);
  const closed = rows.closed ?? [];
  const running = standing.startedAt === null ? [] : activeIntervals(state.campaign, standing.startedAt, now);
  const active = outside(running, closed);
  const retry = fact(state.campaign, 'retry');
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
    retry,
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

/** Closed hours are known here only. */
function phaseOf(phase: Phase, closed: readonly Interval[], now: number): Phase {
  const isShut = closed.some(({ from, to }) => from <= now && now < to);
  return isShut && (phase === 'running' || phase === 'stalled') ? 'waiting' : phase;
}
