import type { Phase } from '@ringside/protocol';
import { activeIntervals, type Interval } from '../active-time.ts';
import { factsOf } from '../call-facts.ts';
import { fact } from '../campaign.ts';
import type { Contact } from '../contact.ts';
import type { CallRow, CampaignState } from '../fold-work.ts';
import { standingOf } from '../phase.ts';
import { type Rollup, total } from '../rollup.ts';
import { outside } from './hours.ts';
import { openContacts } from './open-contacts.ts';
import { paceSlots } from './pace-slots.ts';
import type { DeclaredPace, EarlierForecast, ForecastInput, LiveCall, SampleCall } from './types.ts';

/** A call row and its contact; without the contact its attempt number stays unknown. */
export interface CallAtContact {
  readonly row: CallRow;
  readonly contact: Contact | undefined;
}

/** What a store adds to the campaign's state and rollup. */
export interface ForecastRows {
  /** The newest ended calls, each by {@link sampleCall}, newest end first. */
  readonly sample: readonly SampleCall[];
  /** Calls without an end, each by {@link liveCall}; some hundreds are enough. */
  readonly live: readonly LiveCall[];
  /** Forecasts kept earlier in this campaign, oldest first. */
  readonly earlier?: readonly EarlierForecast[];
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
  const { sample } = rows;
  return {
    now,
    phase: phaseOf(standing.phase, closed, now),
    totalKnown: standing.progress.totalKnown,
    active,
    closed,
    notStarted: standing.progress.ledger.notStarted,
    open: openContacts(rollup, now, retry),
    live: {
      count: total(rollup, 'attempts') - total(rollup, 'ended'),
      calls: rows.live,
    },
    retry,
    pace: paceOf(state),
    ended: total(rollup, 'ended'),
    sample,
    slots: paceSlots(rollup, active, now),
    earlier: rows.earlier ?? [],
  };
}

/** `null` for a call that has not ended, or of which nobody knows when. */
export function sampleCall({ row, contact }: CallAtContact): SampleCall | null {
  const { startedAt, endedAt, outcome } = factsOf(row.call);
  if (startedAt === null || endedAt === null || outcome === 'lost') return null;
  const index = attemptIndex(row, contact);
  const before = index > 0 ? contact?.attempts[index - 1]?.endedAt : null;
  const dueAt = row.call.retryDueAt?.value;
  return {
    startedAt,
    endedAt: Math.max(startedAt, endedAt),
    reached: outcome === 'completed',
    attempt: index < 0 ? null : index + 1,
    waitedMs: before == null ? null : Math.max(0, startedAt - before),
    announcedMs: dueAt === undefined ? null : Math.max(0, dueAt - endedAt),
  };
}

/** `null` for a call that has ended, or whose start is not known. */
export function liveCall({ row, contact }: CallAtContact): LiveCall | null {
  const { startedAt, endedAt } = factsOf(row.call);
  if (startedAt === null || endedAt !== null) return null;
  const index = attemptIndex(row, contact);
  return { startedAt, attempt: index < 0 ? null : index + 1 };
}

function attemptIndex(row: CallRow, contact: Contact | undefined): number {
  return contact?.attempts.findIndex((attempt) => attempt.call === row.row) ?? -1;
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
