import type { Blocker, Phase, Status } from '@ringside/protocol';
import { blockersOf, reasonsOf } from './blockers.ts';
import { type Campaign, type Change, fact, isBuiltIn, lastChangeOf } from './campaign.ts';
import { type Left, notesOf, stopsOf } from './dialing/stops.ts';
import type { CampaignState } from './fold-work.ts';
import { type Progress, progressOf, waitingGroups } from './ledger.ts';
import { MINUTE_MS, type Rollup, SLOT_MS, total } from './rollup.ts';
import { isQuiet, type Moment } from './silence.ts';

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
  /** Why no call is started now, `null` while calls are: the same word everywhere. */
  readonly reason: Blocker | null;
  /** The closing word under which its live calls finish; with it commands are decided rather than with the phase. */
  readonly endsAs: ClosingWord | null;
  readonly progress: Progress;
  /** When it left the queue, epoch milliseconds, or `null`. */
  readonly startedAt: number | null;
  /** The closing word of which a later attempt made nothing. */
  readonly reopened: Change | null;
}

export type ClosingWord = 'completed' | 'cancelled' | 'failed';

/** What the last word about the campaign says; `open` while it may dial. */
type Word = 'waiting-to-start' | 'open' | 'paused' | ClosingWord;

type LiveOrIdle = Readonly<Record<'live' | 'idle', Phase>>;

/** The phase of a campaign that may dial, by what is left and whether calls are live. */
const openPhases: Readonly<Record<Left, LiveOrIdle>> = {
  now: { live: 'running', idle: 'running' },
  unknown: { live: 'running', idle: 'running' },
  later: { live: 'running', idle: 'waiting' },
  nothing: { live: 'finishing', idle: 'completed' },
};

/** The same where Ringside dials: between an end and the decision to retry nothing is left, so its dialer says the end. */
const builtInPhases: typeof openPhases = {
  ...openPhases,
  later: { live: 'waiting', idle: 'waiting' },
  nothing: { live: 'finishing', idle: 'finishing' },
};

/** The phase of every other campaign. A flag of an outside system is evidence: while calls are live, it finishes. */
const wordPhases: Readonly<Record<Exclude<Word, 'open' | 'waiting-to-start'>, LiveOrIdle>> = {
  paused: { live: 'pausing', idle: 'paused' },
  completed: { live: 'finishing', idle: 'completed' },
  cancelled: { live: 'finishing', idle: 'cancelled' },
  failed: { live: 'finishing', idle: 'failed' },
};

/** @param now epoch milliseconds */
export function standingOf(state: CampaignState, rollup: Rollup, now: number): Standing {
  const { campaign } = state;
  const last = lastChangeOf(campaign);
  const reopened = last && !isBuiltIn(campaign) && isClosing(last) && dialedSince(last, rollup) ? last : null;
  const effective = reopened ? null : last;
  const closed = effective?.change === 'completed' || effective?.change === 'cancelled';
  const progress = progressOf(campaign, rollup, closed, now);
  const startedAt = startOf(state, now);
  const word = wordOf(effective, startedAt);
  const moment: Moment = { state, rollup, progress, startedAt, now };
  const left = leftOf(moment);
  const active = total(rollup, 'attempts') - total(rollup, 'ended');
  const dialing = { campaign, left, active, now };
  const stops = word === 'open' ? stopsOf(dialing) : [];
  const notes = word === 'open' ? notesOf(dialing) : [];
  const phase = phaseOf(moment, { word, left, isLive: active > 0, isStopped: stops.length > 0 });
  const facts = { state, rollup, phase, left, last: effective, stops, notes, now };
  const full = notes.find(({ code }) => code === 'concurrency-reached');
  const reason = reasonsOf(facts)[0] ?? full ?? null;
  const endsAs = phase === 'finishing' && word !== 'open' ? (word as ClosingWord) : null;
  return { phase, blockers: blockersOf(facts), reason, endsAs, progress, startedAt, reopened };
}

/** Returns the same from the phase alone, for a campaign that Ringside dials: no call reopens it. */
export function closingWordOf(campaign: Campaign, phase: Phase): ClosingWord | null {
  const last = lastChangeOf(campaign);
  if (phase !== 'finishing' || !isBuiltIn(campaign) || !last || !isClosing(last)) return null;
  return last.change as ClosingWord;
}

/** Said of campaigns that are not under way, of which a report needs no blocker. */
const notUnderWay: Partial<Readonly<Record<Phase, readonly [code: string, message: string]>>> = {
  draft: ['not-started', 'It has not been started: start it.'],
  scheduled: ['not-started', 'Its start lies ahead: it starts by itself, or start it now.'],
  queued: ['not-started', 'It has not been started: start it.'],
  completed: ['completed', 'It is over.'],
  cancelled: ['cancelled', 'It was cancelled.'],
  failed: ['failed', 'It has failed.'],
};

/** The one reason why no call is started, also before the start and after the end; `null` while calls are started. */
export function whyNotDialing({ reason, phase, endsAs }: Standing): Blocker | null {
  if (reason) return reason;
  const said = notUnderWay[endsAs ?? phase];
  return said ? { code: said[0], message: said[1], until: null } : null;
}

interface Judged {
  readonly word: Word;
  readonly left: Left;
  readonly isLive: boolean;
  readonly isStopped: boolean;
}

function phaseOf(moment: Moment, { word, left, isLive, isStopped }: Judged): Phase {
  if (word === 'waiting-to-start') return beforeStart(moment);
  const column = isLive ? 'live' : 'idle';
  if (word !== 'open') return wordPhases[word][column];
  if (isStopped && left !== 'nothing') return 'waiting';
  const phase = (isBuiltIn(moment.state.campaign) ? builtInPhases : openPhases)[left][column];
  return phase === 'running' && isQuiet(moment) ? 'stalled' : phase;
}

function beforeStart({ state: { campaign }, now }: Moment): Phase {
  const declared = fact(campaign, 'startedAt');
  if (declared !== null && declared > now) return 'scheduled';
  return isBuiltIn(campaign) ? 'draft' : 'queued';
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

function leftOf({ state: { campaign }, rollup, progress, now }: Moment): Left {
  const { ledger, totalKnown, totalCalls } = progress;
  if (ledger.notStarted > 0) return 'now';
  if (isBuiltIn(campaign)) {
    if (ledger.waitingRetry === 0) return 'nothing';
    return (waitingGroups(campaign, rollup, now)[0]?.dueAt ?? now) <= now ? 'now' : 'later';
  }
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

/** A declared start counts once the clock has reached it. A stored start or call counts at once. */
function startOf({ campaign, firstCallAt }: CampaignState, now: number): number | null {
  const declared = fact(campaign, 'startedAt');
  const planned = declared !== null && declared <= now ? declared : null;
  const moments = [planned, campaign.startedAt, firstCallAt].filter((at): at is number => at != null);
  return moments.length === 0 ? null : Math.min(...moments);
}
