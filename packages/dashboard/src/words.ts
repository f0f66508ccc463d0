import type { CampaignSummary, Phase } from '@ringside/protocol';
import { isQuiet, isUrgent, shortReason } from './blocker-words.ts';
import { counted, formatClock, formatMinute, perMinute, plain } from './format.ts';
import { type Moment, readInstant } from './readers.ts';

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
export function standing({ phase, callMetrics, blockers, timeline }: Standing, now: Moment): string {
  const live = counted(callMetrics.activeCalls, 'call');
  if (phase === 'pausing') return `${live} finishing, then paused`;
  if (isLastCalls({ phase, callMetrics })) return `last ${live} finishing`;
  if (phase === 'stalled' && timeline.lastUpdateTime !== null) {
    return `nothing heard since ${formatClock(timeline.lastUpdateTime)}`;
  }
  const blocker = blockers.find((reason) => !isQuiet(reason));
  return blocker ? shortReason(blocker, now) : '';
}

/** Nothing is left but to wait for the calls that are live. */
export function isLastCalls({ phase, callMetrics }: Pick<Standing, 'phase' | 'callMetrics'>): boolean {
  return phase === 'finishing' && callMetrics.activeCalls > 0;
}

/** All that holds a campaign up, in whole sentences. */
export function reasonsOf({ blockers }: Pick<CampaignSummary, 'blockers'>): string {
  return blockers.map(({ message }) => message).join(' ');
}

type Standing = Pick<CampaignSummary, 'phase' | 'blockers' | 'timeline'> & {
  readonly callMetrics: Pick<CampaignSummary['callMetrics'], 'activeCalls'>;
};

/** A failure asks for somebody for a day; after that it is history. */
const FAILURE_IS_NEWS_MS = 86_400_000;

/** Somebody must do something: a blocker that does not end by itself, or a dialer that fell silent. */
export function needsYou({ phase, blockers, timeline }: Omit<Standing, 'callMetrics'>, now: Moment): boolean {
  if (phase === 'failed') return readInstant(now) - readInstant(timeline.lastUpdateTime) < FAILURE_IS_NEWS_MS;
  return phase === 'stalled' || blockers.some(isUrgent);
}

/** Nothing can happen until somebody does something. */
export function isStill(phase: Phase): boolean {
  return phase === 'paused' || phase === 'completed' || phase === 'cancelled' || phase === 'failed';
}

/** As {@link standing}, or else the quiet facts: how fast it goes, since when, or when it ended. */
export function rowNote(campaign: CampaignSummary, now: Moment): string {
  const { status, callMetrics, timeline } = campaign;
  const note = standing(campaign, now);
  if (note !== '') return note;
  const at = (instant: string | null): string => (instant === null ? '' : formatMinute(instant, now));
  if (status === 'completed' || status === 'failed')
    return timeline.lastUpdateTime ? `ended ${at(timeline.lastUpdateTime)}` : '';
  const since = timeline.startTime ? `since ${at(timeline.startTime)}` : '';
  const pace = callMetrics.pace.attemptsPerMinute;
  if (status === 'running' && pace) return `${plain(perMinute(pace, 'calls / min'))} · ${since}`;
  return since;
}
