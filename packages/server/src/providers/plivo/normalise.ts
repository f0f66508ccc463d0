import { hash } from 'node:crypto';
import { type Alias, type CallDelivery, type CallEvent, type EndWord, microsOf, type Timing } from '@ringside/core';
import { storable } from '@ringside/protocol';
import { consoleOffset, parseClock, zoneOffset } from './console-time.ts';
import { campaignOf, type Fields } from './fields.ts';

/** What a verified callback comes to. */
export type PlivoMeaning =
  | { readonly kind: 'call'; readonly campaignId: string | null; readonly delivery: CallDelivery }
  /** Verified and kept, but not about a campaign's call: inbound, a test, or nothing to key it by. */
  | { readonly kind: 'aside'; readonly why: string };

export interface PlivoContext {
  readonly receivedAt: number;
  /** Zone of console times where a callback does not show it itself. */
  readonly timeZone: string;
}

/** Values of `campId` that host systems use for calls outside any campaign. */
const notCampaigns: ReadonlySet<string> = new Set(['incoming', 'testcall', 'api-call']);
const MAX_AHEAD_MS = 5 * 60_000;

/** Translates a verified callback. Fields that cannot be read are left out, never guessed. */
export function normalisePlivo(fields: Fields, context: PlivoContext): PlivoMeaning {
  const campaignId = campaignOf(fields.query);
  if (fields.of('Direction')?.toLowerCase() === 'inbound') return { kind: 'aside', why: 'inbound' };
  if (campaignId !== null && notCampaigns.has(campaignId)) return { kind: 'aside', why: campaignId };
  const aliases = aliasesOf(fields);
  if (aliases.length === 0) return { kind: 'aside', why: 'no call id' };
  const events = eventsOf(fields, context);
  if (events.length === 0) return { kind: 'aside', why: 'unknown event' };
  const delivery: CallDelivery = {
    about: 'call',
    hash: contentHash(fields),
    source: 'callback',
    receivedAt: context.receivedAt,
    aliases,
    to: dialed(fields.of('To')),
    from: dialed(fields.of('From')),
    contactId: fields.own('contactId'),
    attributes: null,
    events,
  };
  return { kind: 'call', campaignId, delivery };
}

/** Short hash of the content alone: the same callback has the same hash wherever and whenever it arrives. */
function contentHash({ query, body }: Fields): string {
  const names = Object.keys(body);
  for (const name of Object.keys(query)) if (body[name] === undefined) names.push(name);
  let content = '';
  for (const name of names.sort()) content += `${withoutNul(name)}\0${withoutNul(String(body[name] ?? query[name]))}\0`;
  return hash('sha256', content, 'base64url').slice(0, 12);
}

/** The text with another sign for the one that separates. */
function withoutNul(text: string): string {
  return text.includes('\0') ? storable(text) : text;
}

function aliasesOf(fields: Fields): Alias[] {
  const ids = [
    ['attempt', fields.own('attemptId')],
    ['request', fields.of('RequestUUID') ?? fields.of('ALegRequestUUID')],
    ['call', fields.of('CallUUID') ?? fields.of('ALegUUID')],
  ] as const;
  return ids.flatMap(([kind, id]) => (id === null ? [] : [{ kind, id }]));
}

/** Plivo writes international digits, with `+` in some callbacks of a call and without in others. */
export function dialed(text: string | null): string | null {
  if (text === null || text.length > 256) return null;
  return /^[1-9]\d{6,14}$/.test(text) ? `+${text}` : text;
}

function eventsOf(fields: Fields, context: PlivoContext): CallEvent[] {
  const sessionStart = parseClock(fields.of('SessionStart'));
  const received = context.receivedAt;
  const heard = { at: received, timing: 'receipt' } as const;
  const initiated: CallEvent[] =
    sessionStart === null ? [] : [{ type: 'initiated', ...clamped(sessionStart, received, 'approximate') }];
  switch (kindOf(fields)) {
    case 'ring':
      return [...initiated, { type: 'ringing', ...heard }];
    case 'answer':
      return [
        ...initiated,
        { type: 'answered', ...heard, answeredBy: null },
        ...(isMachine(fields) ? [{ type: 'machine', ...heard } as const] : []),
      ];
    case 'machine':
      return [...initiated, ...(isMachine(fields) ? [{ type: 'machine', ...heard } as const] : [])];
    case 'hangup':
      return hangupEvents(fields, context, sessionStart);
    default:
      return [];
  }
}

type CallbackKind = 'ring' | 'answer' | 'machine' | 'hangup';

/** By the event's own name first: hosts point several events at one URL. */
function kindOf(fields: Fields): CallbackKind | null {
  switch (fields.of('Event')?.toLowerCase()) {
    case 'ring':
      return 'ring';
    case 'startapp':
      return 'answer';
    case 'machinedetection':
      return 'machine';
    case 'hangup':
      return 'hangup';
    default:
      return kindByStatus(fields);
  }
}

function kindByStatus(fields: Fields): CallbackKind | null {
  if (fields.of('HangupCause') ?? fields.of('HangupCauseCode') ?? fields.of('EndTime')) return 'hangup';
  switch (fields.of('CallStatus')?.toLowerCase()) {
    case 'ringing':
      return 'ring';
    case 'in-progress':
      return isMachine(fields) ? 'machine' : 'answer';
    case undefined:
      return null;
    default:
      return 'hangup';
  }
}

/** A hangup alone tells the whole call: when it was placed, whether and when it was answered, how it ended. */
function hangupEvents(fields: Fields, context: PlivoContext, sessionStart: number | null): CallEvent[] {
  const received = context.receivedAt;
  const started = parseClock(fields.of('StartTime'));
  const derived = consoleOffset(started, sessionStart);
  const instant = (name: string): Moment | null => {
    const wall = parseClock(fields.of(name));
    return wall === null ? null : clamped(wall - (derived ?? zoneOffset(wall, context.timeZone)), received, 'exact');
  };
  const session = sessionStart === null ? null : clamped(sessionStart, received, 'approximate');
  const placed = instant('StartTime') ?? session;
  const answered = instant('AnswerTime');
  const ended = instant('EndTime') ?? { at: received, timing: 'receipt' };
  return [
    ...(placed ? [{ type: 'initiated', ...placed } as const] : []),
    ...(answered ? [{ type: 'answered', ...answered, answeredBy: null } as const] : []),
    ...(isMachine(fields) ? [{ type: 'machine', ...(answered ?? ended) } as const] : []),
    endOf(fields, ended),
  ];
}

function endOf(fields: Fields, moment: Moment): CallEvent {
  const micros = microsOf(fields.of('TotalCost') ?? '');
  return {
    type: 'ended',
    ...moment,
    end: {
      status: endWords.get(fields.of('CallStatus')?.toLowerCase() ?? '') ?? null,
      code: wholeNumber(fields.of('HangupCauseCode'), 99_999),
      cause: fields.of('HangupCause') ?? fields.of('HangupCauseName'),
      source: fields.of('HangupSource'),
      duration: wholeNumber(fields.of('Duration'), 7 * 86_400),
    },
    billDuration: wholeNumber(fields.of('BillDuration'), 7 * 86_400),
    cost: micros === null ? null : { micros, currency: null },
    digits: fields.of('Digits'),
    recordingUrl: fields.of('RecordUrl') ?? fields.of('RecordingUrl'),
    retryDueAt: null,
  };
}

const endWords: ReadonlyMap<string, EndWord> = new Map([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['failed', 'failed'],
  ['timeout', 'timeout'],
  ['no-answer', 'no-answer'],
  ['cancel', 'canceled'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
  ['rejected', 'rejected'],
]);

function isMachine(fields: Fields): boolean {
  const verdict = fields.of('Machine')?.toLowerCase();
  return verdict === 'true' || verdict === 'machine_detection';
}

/** Numeric fields must parse, else they say nothing. */
export function wholeNumber(text: string | null, most: number): number | null {
  if (text === null || !/^\d{1,9}$/.test(text)) return null;
  const value = Number(text);
  return value <= most ? value : null;
}

interface Moment {
  readonly at: number;
  readonly timing: Timing;
}

/** A provider's time may run ahead of ours a little; further ahead it is wrong, and the receipt is used. */
export function clamped(at: number, receivedAt: number, timing: Timing): Moment {
  return at > receivedAt + MAX_AHEAD_MS ? { at: receivedAt, timing: 'receipt' } : { at, timing };
}
