import { type CallDelivery, type CallEvent, type EndWord, microsOf } from '@ringside/core';
import { contentHash } from '../../ingest/api-event.ts';
import { parseClock } from './console-time.ts';
import { clamped, dialed, wholeNumber } from './normalise.ts';

/** Members of Plivo's call-detail record that mean something to a report. */
const members = [
  'call_uuid',
  'initiation_time',
  'answer_time',
  'end_time',
  'call_state',
  'call_duration',
  'bill_duration',
  'billed_duration',
  'total_amount',
  'hangup_cause_code',
  'hangup_cause_name',
  'hangup_source',
  'from_number',
  'to_number',
] as const;

type Fields = Readonly<Record<(typeof members)[number], string | null>>;

const MOST_SECONDS = 7 * 86_400;

/** What a record says: how the call ended, that it has not, or nothing that can be relied on. */
export type RecordMeaning =
  | { readonly kind: 'ended'; readonly delivery: CallDelivery }
  | { readonly kind: 'live' }
  | { readonly kind: 'unreadable'; readonly why: string };

/**
 * Translates a call-detail record, the provider's last word on a call: it beats every callback.
 * @param asked the id under which the record was asked for, which is how it finds the call
 * @param receivedAt epoch milliseconds
 */
export function readCallRecord(record: unknown, asked: string, receivedAt: number): RecordMeaning {
  const fields = fieldsOf(record);
  if (fields?.call_uuid !== asked)
    return { kind: 'unreadable', why: 'is not the record of the call that was asked for' };
  if (fields.end_time === null) return { kind: 'live' };
  const placed = readTime(fields.initiation_time);
  const answered = readTime(fields.answer_time);
  const ended = readTime(fields.end_time);
  // Half a record would be believed more than all callbacks together, so a time that cannot be read spoils it.
  if (placed === undefined || answered === undefined || ended === undefined || ended === null) {
    return { kind: 'unreadable', why: 'has a time without an offset, or none at all' };
  }
  const events: CallEvent[] = [
    ...(placed === null ? [] : [{ type: 'initiated', ...clamped(placed, receivedAt, 'exact') } as const]),
    ...(answered === null
      ? []
      : [{ type: 'answered', ...clamped(answered, receivedAt, 'exact'), answeredBy: null } as const]),
    endOf(fields, ended, answered !== null, receivedAt),
  ];
  const delivery: CallDelivery = {
    about: 'call',
    // Not of the whole record: its api_id names the request, so each copy has another.
    hash: contentHash(fields),
    source: 'cdr',
    receivedAt,
    aliases: [{ kind: 'call', id: asked }],
    to: dialed(fields.to_number),
    from: dialed(fields.from_number),
    contactId: null,
    attributes: null,
    events,
  };
  return { kind: 'ended', delivery };
}

/** Numbers become text, so that a record reads the same whichever way a member is written; blank says nothing. */
function fieldsOf(record: unknown): Fields | null {
  if (record === null || typeof record !== 'object') return null;
  const entries = members.map((name) => {
    const value: unknown = Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : null;
    const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    return [name, text === '' ? null : text];
  });
  return Object.fromEntries(entries) as Fields;
}

function endOf(fields: Fields, endedAt: number, answered: boolean, receivedAt: number): CallEvent {
  const micros = microsOf(fields.total_amount ?? '');
  return {
    type: 'ended',
    ...clamped(endedAt, receivedAt, 'exact'),
    end: {
      status: endWords.get(fields.call_state?.toLowerCase().replace('_', '-') ?? '') ?? null,
      code: wholeNumber(fields.hangup_cause_code, 99_999),
      cause: fields.hangup_cause_name,
      source: fields.hangup_source,
      duration: answered ? wholeNumber(fields.call_duration, MOST_SECONDS) : 0,
    },
    // `bill_duration` is the talk time again; what a callback calls BillDuration, rounded up to the pulse, is this.
    billDuration: wholeNumber(fields.billed_duration ?? fields.bill_duration, MOST_SECONDS),
    cost: micros === null ? null : { micros, currency: null },
    digits: null,
    recordingUrl: null,
    retryDueAt: null,
  };
}

/** Only ANSWER is documented; the others are taken to be the words of callbacks. The code decides where there is one. */
const endWords: ReadonlyMap<string, EndWord> = new Map([
  ['answer', 'completed'],
  ['busy', 'busy'],
  ['failed', 'failed'],
  ['timeout', 'timeout'],
  ['no-answer', 'no-answer'],
  ['cancel', 'canceled'],
  ['rejected', 'rejected'],
]);

const WITH_OFFSET = /^(.+?)(?:Z|([+-])(\d\d):?(\d\d))$/;

/**
 * Reads a time such as `2022-10-12 21:57:40+05:30`.
 * @returns epoch milliseconds, `null` where there is none, `undefined` where it cannot be read
 */
export function readTime(text: string | null): number | null | undefined {
  if (text === null) return null;
  const match = WITH_OFFSET.exec(text);
  const wall = parseClock(match?.[1] ?? null);
  if (!match || wall === null) return undefined;
  const [, , sign, hours = '0', minutes = '0'] = match;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? wall + offset : wall - offset;
}
