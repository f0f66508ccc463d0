import type { CallEventInput, EndStatus, LeadVerdict } from '@ringside/protocol';
import { dialed, wholeNumber } from '../../providers/plivo/normalise.ts';
import type { Field, Values } from './fields.ts';
import { type RowClock, shownOffset } from './row-time.ts';

/** How rows are read. */
export interface RowSettings {
  /** Where every row goes; `null`: each says so itself. */
  readonly campaignId: string | null;
  readonly clock: RowClock;
  /** Whether the operator said the zone; then it holds whatever a row shows. */
  readonly zoneIsGiven: boolean;
}

/** What cannot be used of a row, said in a few words. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

/** Values of a campaign column that host systems use for calls outside any campaign. */
const notCampaigns: ReadonlySet<string> = new Set(['incoming', 'testcall', 'api-call']);
const WEEK_SECONDS = 7 * 86_400;

/**
 * One past call as the events that it would have told: placed, answered, ended, each at its exact time.
 * @param isPlivo the row is a document of Plivo, whose numbers are international digits without a plus
 * @throws RowError
 */
export function eventsOfRow(values: Values, isPlivo: boolean, settings: RowSettings): CallEventInput[] {
  const campaignId = settings.campaignId ?? values.campaignId ?? missing('campaignId', 'give --campaign');
  if (notCampaigns.has(values.campaignId ?? '')) throw new RowError(`campaign ${values.campaignId} is none`);
  if (values.direction?.toLowerCase() === 'inbound') throw new RowError('an inbound call');
  const callId = values.callId ?? missing('callId');
  const times = timesOf(values, settings);
  const number = (text: string | undefined): string | null => (isPlivo ? dialed(text ?? null) : (text ?? null));
  const about = {
    campaignId,
    callId,
    ...given('to', number(values.to)),
    ...given('from', number(values.from)),
    ...given('contactId', values.contactId ?? null),
  };
  const isMachine = /^(true|yes|1|machine|machine_detection)$/i.test(values.answeredBy ?? '');
  const at = (time: number): string => new Date(time).toISOString();
  const lead = leadOf(values);
  return [
    ...(times.started === null ? [] : [{ type: 'initiated', ...about, at: at(times.started) } as const]),
    ...(times.answered === null ? [] : [{ type: 'answered', ...about, at: at(times.answered) } as const]),
    ...(isMachine ? [{ type: 'machine', ...about, at: at(times.answered ?? times.ended) } as const] : []),
    { type: 'ended', ...about, at: at(times.ended), ...endOf(values, times.answered !== null) },
    ...(lead ? [{ type: 'lead', ...about, at: at(times.ended), ...lead } as const] : []),
  ];
}

function timesOf(values: Values, { clock, zoneIsGiven }: RowSettings) {
  const offset = zoneIsGiven ? null : shownOffset(values.startTime, values.sessionStart);
  const read = (field: Field): number | null => {
    const text = values[field];
    if (text === undefined) return null;
    return clock.read(text, offset) ?? bad(field, text, 'a time such as 2025-08-07 15:30:00');
  };
  const started = read('startTime');
  const answered = read('answerTime');
  const talk = secondsOf(values, 'duration');
  // A row without an end that says how long the call was says when it ended.
  const ended = read('endTime') ?? derivedEnd(answered ?? started, talk) ?? missing('endTime');
  if (started !== null && ended < started) throw new RowError('endTime lies before startTime');
  if (answered !== null && ended < answered) throw new RowError('endTime lies before answerTime');
  if (started !== null && answered !== null && answered < started) {
    throw new RowError('answerTime lies before startTime');
  }
  return { started, answered, ended };
}

function derivedEnd(from: number | null, seconds: number | null): number | null {
  return from === null || seconds === null ? null : from + seconds * 1000;
}

function endOf(values: Values, wasAnswered: boolean) {
  const code = wholeNumber(values.hangupCode ?? null, 99_999);
  const duration = secondsOf(values, 'duration');
  return {
    status: statusOf(values, code, wasAnswered || (duration ?? 0) > 0),
    ...given('duration', duration),
    ...given('billDuration', secondsOf(values, 'billDuration')),
    ...given('hangupCode', code),
    ...given('hangupCause', values.hangupCause?.slice(0, 128) ?? null),
    ...given('hangupSource', values.hangupSource?.slice(0, 64) ?? null),
    ...given('cost', costOf(values.cost)),
    ...given('currency', values.currency?.toUpperCase() ?? null),
    ...given('digits', values.digits?.slice(0, 64) ?? null),
    ...given('recordingUrl', URL.canParse(values.recordingUrl ?? '') ? (values.recordingUrl ?? null) : null),
  };
}

const statusWords: ReadonlyMap<string, EndStatus> = new Map([
  ['completed', 'completed'],
  ['answered', 'completed'],
  ['answer', 'completed'],
  ['call-ended', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no-answer'],
  ['noanswer', 'no-answer'],
  ['unanswered', 'no-answer'],
  ['timeout', 'no-answer'],
  ['rejected', 'rejected'],
  ['failed', 'failed'],
  ['cancel', 'canceled'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
]);

/** The code tells more than the word, so a word that is not known matters only where there is no code. */
function statusOf({ status, hangupCause }: Values, code: number | null, wasAnswered: boolean): EndStatus {
  const word = status?.toLowerCase().replace(/[\s_]/g, '-');
  const known = word === undefined ? undefined : statusWords.get(word);
  if (known) return known;
  if (status !== undefined && code === null)
    bad('status', status, 'one of completed, busy, no-answer, rejected, failed, canceled');
  if (status === undefined && code === null && hangupCause === undefined && !wasAnswered) missing('status');
  return wasAnswered ? 'completed' : 'failed';
}

function leadOf({ leadStatus, leadScore }: Values): { leadStatus: LeadVerdict; leadScore?: number } | null {
  const word = leadStatus?.toLowerCase();
  // These two follow from the call itself.
  if (word === undefined || word === 'no-answer' || word === 'unscored') return null;
  if (word !== 'hot' && word !== 'warm' && word !== 'cold') return bad('leadStatus', word, 'hot, warm or cold');
  const score = leadScore === undefined ? null : Math.round(Number(leadScore));
  if (score !== null && !(score >= 0 && score <= 100)) return bad('leadScore', leadScore ?? '', 'from 0 to 100');
  return { leadStatus: word, ...given('leadScore', score) };
}

function secondsOf(values: Values, field: 'duration' | 'billDuration'): number | null {
  const text = values[field];
  if (text === undefined) return null;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text)) : Number.NaN;
  return seconds <= WEEK_SECONDS ? seconds : bad(field, text, 'a number of seconds');
}

/** Amounts are exact to a millionth. */
function costOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^\d{1,9}(\.\d{1,6})?$/.test(text)) return text;
  const amount = /^\d*\.?\d+(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return amount < 1e9 ? amount.toFixed(6) : bad('cost', text, 'a decimal such as 0.0184');
}

function given<K extends string, V>(name: K, value: V | null): { readonly [P in K]?: V } {
  return (value === null ? {} : { [name]: value }) as { readonly [P in K]?: V };
}

function missing(field: Field, advice?: string): never {
  throw new RowError(`${field} is missing${advice ? `: ${advice}` : ''}`);
}

function bad(field: Field, text: string, wanted: string): never {
  throw new RowError(`${field} "${text.slice(0, 40)}" is not ${wanted}`);
}
