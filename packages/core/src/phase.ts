import type { Blocker, Phase, Status } from '@ringside/protocol';
import { activeIntervals, lengthOf } from './active-time.ts';
import { blockersOf } from './blockers.ts';
import { type Change, changesUntil, fact } from './campaign.ts';
import type { CampaignState } from './fold-work.ts';
import { type Progress, progressOf } from './ledger.ts';
import { MINUTE_MS, type Rollup, SLOT_MS, total } from './rollup.ts';

/** The word that existing front ends know for each phase. */
export const statusOf: Readonly<Record<Phase, Status>> = {
  draft: 'queued',
  scheduled: 'queued',
  queued: 'queued',
  running: 'running',
  waiting: 'running',
  stalled: 'running',
  finishing: 'running',
  pausing: 'paused',
  paused: 'paused',
  completed: 'completed',
  cancelled: 'failed',
  failed: 'failed',
};

/** Phases in which the passing of time alone may change the report. */
const ticking: ReadonlySet<Phase> = new Set([
  'scheduled',
  'queued',
  'running',
  'waiting',
  'stalled',
  'finishing',
  'pausing',
]);

/** True while a report must be evaluated again at each tick. */
export function isTicking(phase: Phase): boolean {
  return ticking.has(phase);
}

/** Where a campaign stands at a moment, with what the ledger says of it. */
export interface Standing {
  readonly phase: Phase;
  readonly blockers: readonly Blocker[];
  readonly progress: Progress;
  /** When it left the queue, epoch milliseconds, or `null`. */
  readonly startedAt: number | null;
  /** The closing word of which a later attempt made nothing. */
  readonly reopened: Change | null;
}

/** What the last word about the campaign says; `open` while it may dial. */
type Word = 'waiting-to-start' | 'open' | 'paused' | 'completed' | 'cancelled' | 'failed';

/** What is left to start: something now, only retries that are not due, nothing, or nobody knows. */
type Left = 'now' | 'later' | 'nothing' | 'unknown';

/** The phase of a campaign that may dial, by what is left and whether calls are live. */
const openPhases: Readonly<Record<Left, { readonly live: Phase; readonly idle: Phase }>> = {
  now: { live: 'running', idle: 'running' },
  unknown: { live: 'running', idle: 'running' },
  later: { live: 'running', idle: 'waiting' },
  nothing: { live: 'finishing', idle: 'completed' },
};

/** The phase of every other campaign. A flag of an outside system is evidence: while calls are live, it finishes. */
const wordPhases: Readonly<
  Record<Exclude<Word, 'open' | 'waiting-to-start'>, { readonly live: Phase; readonly idle: Phase }>
> = {
  paused: { live: 'pausing', idle: 'paused' },
  completed: { live: 'finishing', idle: 'completed' },
  cancelled: { live: 'finishing', idle: 'cancelled' },
  failed: { live: 'finishing', idle: 'failed' },
};

/** @param now epoch milliseconds */
export function standingOf(state: CampaignState, rollup: Rollup, now: number): Standing {
  const last = changesUntil(state.campaign, now).at(-1) ?? null;
  const reopened = last && isClosing(last) && dialedSince(last, rollup) ? last : null;
  const effective = reopened ? null : last;
  const closed = effective?.change === 'completed' || effective?.change === 'cancelled';
  const progress = progressOf(state.campaign, rollup, closed, now);
  const startedAt = startOf(state, now);
  const word = wordOf(effective, startedAt);
  const left = leftOf(progress);
  const live = total(rollup, 'attempts') > total(rollup, 'ended');
  const phase = phaseOf(word, left, live, isScheduled(state, now), () => isQuiet(state, rollup, startedAt ?? now, now));
  const blockers = blockersOf({ state, rollup, phase, last: effective, now });
  return { phase, blockers, progress, startedAt, reopened };
}

function phaseOf(word: Word, left: Left, live: boolean, scheduled: boolean, isQuietNow: () => boolean): Phase {
  if (word === 'waiting-to-start') return scheduled ? 'scheduled' : 'queued';
  const column = live ? 'live' : 'idle';
  if (word !== 'open') return wordPhases[word][column];
  const phase = openPhases[left][column];
  return phase === 'running' && isQuietNow() ? 'stalled' : phase;
}

function wordOf(last: Change | null, startedAt: number | null): Word {
  switch (last?.change) {
    case 'paused':
    case 'completed':
    case 'cancelled':
    case 'failed':
      return last.change;
    default:
      return startedAt === null ? 'waiting-to-start' : 'open';
  }
}

function leftOf({ ledger, totalKnown, totalCalls }: Progress): Left {
  if (ledger.notStarted > 0) return 'now';
  if (!totalKnown || totalCalls === 0) return 'unknown';
  return ledger.waitingRetry > 0 ? 'later' : 'nothing';
}

function isClosing({ change }: Change): boolean {
  return change === 'completed' || change === 'cancelled' || change === 'failed';
}

/** An attempt placed after a closing word reopens the campaign. */
function dialedSince(change: Change, rollup: Rollup): boolean {
  for (const [minute, counts] of rollup.minutes) {
    if ((minute + 1) * MINUTE_MS <= change.at || !counts.has('attempts')) continue;
    for (const key of counts.keys()) {
      const slot = /^s(\d)$/.exec(key)?.[1];
      if (slot !== undefined && minute * MINUTE_MS + Number(slot) * SLOT_MS >= change.at) return true;
    }
  }
  return false;
}

function startOf(state: CampaignState, now: number): number | null {
  const declared = fact(state.campaign, 'startedAt');
  const started = changesUntil(state.campaign, now).find((change) => change.change === 'started');
  const moments = [declared, started?.at, state.firstCallAt].filter((at): at is number => at != null && at <= now);
  return moments.length === 0 ? null : Math.min(...moments);
}

function isScheduled(state: CampaignState, now: number): boolean {
  return (fact(state.campaign, 'startedAt') ?? 0) > now;
}

const STALLED_AFTER_GAPS = 5;
const STALLED_AT_LEAST_MS = 2 * MINUTE_MS;

/** No event for five times the usual gap between events of active time, and for two minutes at least. */
function isQuiet(state: CampaignState, rollup: Rollup, startedAt: number, now: number): boolean {
  const heardAt = Math.max(state.lastAt ?? 0, startedAt);
  const silence = now - heardAt;
  if (silence <= STALLED_AT_LEAST_MS) return false;
  const events = total(rollup, 'attempts') + total(rollup, 'ended');
  const active = lengthOf(activeIntervals(state.campaign, startedAt, heardAt));
  const usualGap = events === 0 ? 0 : active / events;
  return silence > STALLED_AFTER_GAPS * usualGap;
}
