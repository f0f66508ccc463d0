import type { Blocker, CampaignSummary, LeadStatus, Ledger, Outcome, Phase } from '@ringside/protocol';
import { counted, formatClock, formatMinute, perMinute, plain } from './format.ts';

/** What a status means at a glance; each tone has its own glyph, so that colour is never alone. */
export type Tone = 'running' | 'ending' | 'waiting' | 'paused' | 'alarm' | 'rest' | 'done' | 'stopped';

/** How each phase is called and shown. */
export const phaseWords: Readonly<Record<Phase, { readonly word: string; readonly tone: Tone }>> = {
  draft: { word: 'draft', tone: 'rest' },
  scheduled: { word: 'scheduled', tone: 'rest' },
  queued: { word: 'queued', tone: 'rest' },
  running: { word: 'running', tone: 'running' },
  waiting: { word: 'waiting', tone: 'waiting' },
  stalled: { word: 'stalled', tone: 'alarm' },
  finishing: { word: 'finishing', tone: 'ending' },
  pausing: { word: 'pausing', tone: 'waiting' },
  paused: { word: 'paused', tone: 'paused' },
  completed: { word: 'completed', tone: 'done' },
  cancelled: { word: 'cancelled', tone: 'stopped' },
  failed: { word: 'failed', tone: 'alarm' },
};

/** One line about where a campaign stands, beyond the word; empty when the word says it all. */
export function standing({ phase, callMetrics, blockers, timeline }: Standing): string {
  const live = counted(callMetrics.activeCalls, 'call');
  const [blocker] = blockers;
  if (phase === 'pausing') return `${live} finishing, then paused`;
  if (phase === 'finishing') return `last ${live} finishing`;
  if (phase === 'stalled' && timeline.lastUpdateTime !== null) {
    return `nothing heard since ${formatClock(new Date(timeline.lastUpdateTime))}`;
  }
  return blocker?.message ?? '';
}

type Standing = Pick<CampaignSummary, 'phase' | 'blockers' | 'timeline'> & {
  readonly callMetrics: Pick<CampaignSummary['callMetrics'], 'activeCalls'>;
};

/** What is as somebody wanted it, or ends by itself even when nobody knows when. */
const calmBlockers: ReadonlySet<string> = new Set(['paused', 'retry-not-due']);

/** Nothing moves until somebody does something about it. */
export function isUrgent({ code, until }: Blocker): boolean {
  return until === null && !calmBlockers.has(code);
}

/** A failure asks for somebody for a day; after that it is history. */
const FAILURE_IS_NEWS_MS = 86_400_000;

/** Somebody must do something: a blocker that does not end by itself, or a dialer that fell silent. */
export function needsYou({ phase, blockers, timeline }: Omit<Standing, 'callMetrics'>, now: Date): boolean {
  if (phase === 'failed') return now.getTime() - Date.parse(timeline.lastUpdateTime ?? '') < FAILURE_IS_NEWS_MS;
  return phase === 'stalled' || blockers.some(isUrgent);
}

/** Nothing can happen until somebody does something. */
export function isStill(phase: Phase): boolean {
  return phase === 'paused' || phase === 'completed' || phase === 'cancelled' || phase === 'failed';
}

/** As {@link standing}, or else the quiet facts: how fast it goes, since when, or when it ended. */
export function rowNote(campaign: CampaignSummary, now: Date): string {
  const { status, callMetrics, timeline } = campaign;
  const note = standing(campaign);
  if (note !== '') return note;
  const at = (instant: string | null): string => (instant === null ? '' : formatMinute(new Date(instant), now));
  if (status === 'completed' || status === 'failed')
    return timeline.lastUpdateTime ? `ended ${at(timeline.lastUpdateTime)}` : '';
  const since = timeline.startTime ? `since ${at(timeline.startTime)}` : '';
  const pace = callMetrics.pace.attemptsPerMinute;
  if (status === 'running' && pace) return `${plain(perMinute(pace, 'calls / min'))} · ${since}`;
  return since;
}

export interface Word {
  readonly label: string;
  readonly meaning: string;
}

/** In the order of the bar. */
export const ledgerWords: Readonly<Record<keyof Ledger, Word>> = {
  reached: { label: 'reached', meaning: 'Contacts with a completed call. A voicemail does not reach anybody.' },
  unreached: { label: 'unreached', meaning: 'Contacts whose attempts all ended without reaching them; none is due.' },
  excluded: {
    label: 'excluded',
    meaning: 'Contacts that will not be called, such as those left when a list is closed.',
  },
  waitingRetry: { label: 'retry due', meaning: 'Contacts that were not reached yet and will be tried again.' },
  inFlight: { label: 'in flight', meaning: 'Contacts that a call is under way to.' },
  notStarted: { label: 'not started', meaning: 'Contacts that nobody called yet.' },
};

export const ledgerOrder = Object.keys(ledgerWords) as readonly (keyof Ledger)[];

export const outcomeWords: Readonly<Record<Outcome, Word>> = {
  completed: { label: 'completed', meaning: 'Answered, and not by a machine.' },
  machine: { label: 'machine', meaning: 'Answered by voicemail or another machine.' },
  'no-answer': { label: 'no answer', meaning: 'It rang, and nobody picked up.' },
  busy: { label: 'busy', meaning: 'The line was busy.' },
  rejected: { label: 'rejected', meaning: 'The person declined the call.' },
  canceled: { label: 'canceled', meaning: 'Ended on our side before anybody picked up.' },
  unreachable: { label: 'unreachable', meaning: 'The phone is off or out of service.' },
  invalid: { label: 'invalid', meaning: 'No such number.' },
  blocked: { label: 'blocked', meaning: 'Stopped as spam or forbidden by the carrier.' },
  'app-error': { label: 'app error', meaning: 'The answer document could not be fetched or run.' },
  failed: { label: 'failed', meaning: 'A fault of the carrier, the network or the account.' },
  lost: { label: 'lost', meaning: 'No end of the call was ever heard of.' },
};

export const outcomeOrder = Object.keys(outcomeWords) as readonly Outcome[];

export const leadWords: Readonly<Record<LeadStatus | 'unscored', Word>> = {
  hot: { label: 'hot', meaning: 'Calls whose lead was judged hot.' },
  warm: { label: 'warm', meaning: 'Calls whose lead was judged warm.' },
  cold: { label: 'cold', meaning: 'Calls whose lead was judged cold, and those that a machine answered.' },
  unscored: { label: 'unscored', meaning: 'Answered calls that nobody has judged yet.' },
  'no-answer': { label: 'no answer', meaning: 'Ended calls that nobody answered.' },
};

export const leadOrder = Object.keys(leadWords) as readonly (LeadStatus | 'unscored')[];

/** Below this a share may still be chance. */
export const EARLY_BELOW = 30;

export const reasons = {
  noEnded: 'Unknown until the first call has ended.',
  noAnswered: 'Unknown until the first call was answered.',
  noCompleted: 'Unknown until the first call was completed.',
  noTotal: 'Unknown, because nobody said how many contacts the list has. Register the campaign with its total.',
  noForecast: 'No forecast yet: this version of Ringside does not estimate when a campaign ends.',
  noLead: 'Unknown until there is a hot or warm lead and a cost.',
  noCost: 'Unknown, because no call came with a cost.',
  noPace: 'Unknown until the campaign has run for half a minute.',
} as const;
