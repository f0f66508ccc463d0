import { hash } from 'node:crypto';
import { type Alias, type CallDelivery, type CallEvent, type EndWord, microsOf, type Timing } from '@ringside/core';
import { consoleOffset, parseClock, zoneOffset } from './console-time.ts';
import { type Params, param } from './form.ts';

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

/** Decoded query and body; the body has the last word. They stay apart: to copy them costs more than to look twice. */
interface Fields {
  readonly query: Params;
  readonly body: Params;
}

function field({ query, body }: Fields, name: string): string | null {
  return param(body[name] === undefined ? query : body, name);
}

/** Values of `campId` that host systems use for calls outside any campaign. */
const notCampaigns: ReadonlySet<string> = new Set(['incoming', 'testcall', 'api-call']);
const MAX_AHEAD_MS = 5 * 60_000;

/**
 * Translates a verified callback. Fields that cannot be read are left out, never guessed.
 * @param query decoded query of the callback URL (`campId`, `attemptId`); a GET callback has all its fields there
 * @param body decoded form body
 */
export function normalisePlivo(query: Params, body: Params, context: PlivoContext): PlivoMeaning {
  const fields: Fields = { query, body };
  const campaignId = param(query, 'campId') ?? param(query, 'campaignId') ?? param(body, 'campId');
  if (field(fields, 'Direction')?.toLowerCase() === 'inbound') return { kind: 'aside', why: 'inbound' };
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
    to: dialed(field(fields, 'To')),
    from: dialed(field(fields, 'From')),
    contactId: param(query, 'contactId'),
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
  for (const name of names.sort()) content += `${name}\0${body[name] ?? query[name]}\0`;
  return hash('sha256', content, 'base64url').slice(0, 12);
}

function aliasesOf(fields: Fields): Alias[] {
  const ids = [
    ['attempt', field(fields, 'attemptId')],
    ['request', field(fields, 'RequestUUID') ?? field(fields, 'ALegRequestUUID')],
    ['call', field(fields, 'CallUUID') ?? field(fields, 'ALegUUID')],
  ] as const;
  return ids.flatMap(([kind, id]) => (id === null || id.length > 256 ? [] : [{ kind, id }]));
}

/** Plivo writes international digits, with `+` in some callbacks of a call and without in others. */
export function dialed(text: string | null): string | null {
  if (text === null || text.length > 256) return null;
  return /^[1-9]\d{6,14}$/.test(text) ? `+${text}` : text;
}

function eventsOf(fields: Fields, context: PlivoContext): CallEvent[] {
  const sessionStart = parseClock(field(fields, 'SessionStart'));
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
  switch (field(fields, 'Event')?.toLowerCase()) {
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
  if (field(fields, 'HangupCause') ?? field(fields, 'HangupCauseCode') ?? field(fields, 'EndTime')) return 'hangup';
  switch (field(fields, 'CallStatus')?.toLowerCase()) {
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
  const started = parseClock(field(fields, 'StartTime'));
  const derived = consoleOffset(started, sessionStart);
  const instant = (name: string): Moment | null => {
    const wall = parseClock(field(fields, name));
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
  const micros = microsOf(field(fields, 'TotalCost') ?? '');
  return {
    type: 'ended',
    ...moment,
    end: {
      status: endWords.get(field(fields, 'CallStatus')?.toLowerCase() ?? '') ?? null,
      code: wholeNumber(field(fields, 'HangupCauseCode'), 99_999),
      cause: field(fields, 'HangupCause') ?? field(fields, 'HangupCauseName'),
      source: field(fields, 'HangupSource'),
      duration: wholeNumber(field(fields, 'Duration'), 7 * 86_400),
    },
    billDuration: wholeNumber(field(fields, 'BillDuration'), 7 * 86_400),
    cost: micros === null ? null : { micros, currency: null },
    digits: field(fields, 'Digits'),
    recordingUrl: field(fields, 'RecordUrl') ?? field(fields, 'RecordingUrl'),
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
  const verdict = field(fields, 'Machine')?.toLowerCase();
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
