import type { Blocker, CampaignChange, Phase, Status } from '@ringside/protocol';
import { type Campaign, type Change, fact } from './campaign.ts';
import type { CampaignState } from './fold-work.ts';
import { type Progress, progressOf } from './ledger.ts';
import { unreachable } from './must.ts';
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
}

const STALLED_AFTER_GAPS = 5;
const STALLED_AT_LEAST_MS = 2 * MINUTE_MS;

/** @param now epoch milliseconds */
export function standingOf(state: CampaignState, rollup: Rollup, now: number): Standing {
  const last = lastChange(state.campaign, rollup, now);
  const closed = last === 'completed' || last === 'cancelled';
  const progress = progressOf(state.campaign, rollup, closed);
  const startedAt = startOf(state, now);
  const live = total(rollup, 'attempts') - total(rollup, 'ended');
  const blockers = faultsOf(state.campaign, last);
  const phase = phaseOf({
    last,
    live,
    progress,
    startedAt,
    quiet: quietOf(state, rollup, now),
    scheduled: isScheduled(state.campaign, now),
  });
  return { phase, blockers, progress, startedAt };
}

interface PhaseFacts {
  readonly last: CampaignChange | null;
  readonly live: number;
  readonly progress: Progress;
  readonly startedAt: number | null;
  /** Nothing was heard for much longer than usual. */
  readonly quiet: boolean;
  readonly scheduled: boolean;
}

/** The phase table: the last word about the campaign decides the row, live calls and what is left decide the column. */
function phaseOf(facts: PhaseFacts): Phase {
  const { last, live } = facts;
  switch (last) {
    case 'paused':
      return live > 0 ? 'pausing' : 'paused';
    case 'completed':
    case 'cancelled':
    case 'failed':
      return live > 0 ? 'finishing' : last;
    case 'started':
    case 'resumed':
    case null:
      return dialingPhase(facts);
    default:
      return unreachable(last);
  }
}

function dialingPhase({ live, progress, startedAt, quiet, scheduled }: PhaseFacts): Phase {
  if (startedAt === null) return scheduled ? 'scheduled' : 'queued';
  const seenAnything = progress.totalCalls > 0;
  if (progress.totalKnown && progress.toStart === 0 && seenAnything) return live > 0 ? 'finishing' : 'completed';
  if (quiet && live === 0 && progress.toStart > 0) return 'stalled';
  return 'running';
}

/** The change that still counts: an attempt placed after a closing word reopens the campaign. */
function lastChange(campaign: Campaign, rollup: Rollup, now: number): CampaignChange | null {
  const past = campaign.changes.filter((change) => change.at <= now);
  const last = past.at(-1);
  if (last === undefined) return null;
  const closing = last.change === 'completed' || last.change === 'cancelled' || last.change === 'failed';
  return closing && dialedSince(last, rollup) ? 'resumed' : last.change;
}

function dialedSince(change: Change, rollup: Rollup): boolean {
  for (const [minute, counts] of rollup.minutes) {
    if ((minute + 1) * MINUTE_MS <= change.at || !counts.has('attempts')) continue;
    for (const key of counts.keys()) {
      if (key.startsWith('s') && minute * MINUTE_MS + Number(key.slice(1)) * SLOT_MS >= change.at) return true;
    }
  }
  return false;
}

function startOf(state: CampaignState, now: number): number | null {
  const declared = fact(state.campaign, 'startedAt');
  const started = state.campaign.changes.find((change) => change.change === 'started');
  const moments = [declared, started?.at, state.firstCallAt].filter((at): at is number => at != null && at <= now);
  return moments.length === 0 ? null : Math.min(...moments);
}

function isScheduled(campaign: Campaign, now: number): boolean {
  return (fact(campaign, 'startedAt') ?? 0) > now;
}

/** No event for five times the usual gap between events, and for two minutes at least. */
function quietOf(state: CampaignState, rollup: Rollup, now: number): boolean {
  if (state.lastAt === null || state.firstCallAt === null) return false;
  const events = total(rollup, 'attempts') + total(rollup, 'ended');
  const usualGap = (state.lastAt - state.firstCallAt) / Math.max(1, events);
  return now - state.lastAt > Math.max(STALLED_AT_LEAST_MS, STALLED_AFTER_GAPS * usualGap);
}

const faultWords: Readonly<Record<string, string>> = {
  'answer-xml-missing':
    'Calls are hung up on answer: the answer URL has no ?next=, and the campaign has no answer XML. Set one of them.',
};

function faultsOf(campaign: Campaign, last: CampaignChange | null): Blocker[] {
  const mended = fact(campaign, 'answerXml') !== null;
  const blockers = Object.keys(campaign.faults)
    .filter((code) => !(code === 'answer-xml-missing' && mended))
    .map((code) => ({ code, message: faultWords[code] ?? code, until: null }));
  const reason = campaign.changes.at(-1)?.reason;
  if (last === 'failed')
    blockers.push({ code: 'failed', message: reason ?? 'The dialer reported a fault.', until: null });
  return blockers;
}
