import { createHash } from 'node:crypto';
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

/** Values of `campId` that host systems use for calls outside any campaign. */
const notCampaigns: ReadonlySet<string> = new Set(['incoming', 'testcall', 'api-call']);
const MAX_AHEAD_MS = 5 * 60_000;

/**
 * Translates a verified callback. Fields that cannot be read are left out, never guessed.
 * @param query decoded query of the callback URL (`campId`, `attemptId`); a GET callback has all its fields there
 * @param body decoded form body
 */
export function normalisePlivo(query: Params, body: Params, context: PlivoContext): PlivoMeaning {
  const params: Params = { ...query, ...body };
  const campaignId = param(query, 'campId') ?? param(query, 'campaignId') ?? param(body, 'campId');
  if (param(params, 'Direction')?.toLowerCase() === 'inbound') return { kind: 'aside', why: 'inbound' };
  if (campaignId !== null && notCampaigns.has(campaignId)) return { kind: 'aside', why: campaignId };
  const aliases = aliasesOf(params);
  if (aliases.length === 0) return { kind: 'aside', why: 'no call id' };
  const events = eventsOf(params, context);
  if (events.length === 0) return { kind: 'aside', why: 'unknown event' };
  const delivery: CallDelivery = {
    about: 'call',
    hash: contentHash(params),
    source: 'callback',
    receivedAt: context.receivedAt,
    aliases,
    to: dialed(param(params, 'To')),
    from: dialed(param(params, 'From')),
    contactId: param(query, 'contactId'),
    attributes: null,
    events,
  };
  return { kind: 'call', campaignId, delivery };
}

/** Short hash of the content alone: the same callback has the same hash wherever and whenever it arrives. */
export function contentHash(params: Params): string {
  let content = '';
  for (const key of Object.keys(params).sort()) content += `${key}\0${params[key]}\0`;
  return createHash('sha256').update(content).digest('base64url').slice(0, 12);
}

function aliasesOf(params: Params): Alias[] {
  const ids = [
    ['attempt', param(params, 'attemptId')],
    ['request', param(params, 'RequestUUID') ?? param(params, 'ALegRequestUUID')],
    ['call', param(params, 'CallUUID') ?? param(params, 'ALegUUID')],
  ] as const;
  return ids.flatMap(([kind, id]) => (id === null || id.length > 256 ? [] : [{ kind, id }]));
}

/** Plivo writes international digits, with `+` in some callbacks of a call and without in others. */
export function dialed(text: string | null): string | null {
  if (text === null || text.length > 256) return null;
  return /^[1-9]\d{6,14}$/.test(text) ? `+${text}` : text;
}

function eventsOf(params: Params, context: PlivoContext): CallEvent[] {
  const sessionStart = parseClock(param(params, 'SessionStart'));
  const received = context.receivedAt;
  const heard = { at: received, timing: 'receipt' } as const;
  const initiated: CallEvent[] =
    sessionStart === null ? [] : [{ type: 'initiated', ...clamped(sessionStart, received, 'approximate') }];
  switch (kindOf(params)) {
    case 'ring':
      return [...initiated, { type: 'ringing', ...heard }];
    case 'answer':
      return [
        ...initiated,
        { type: 'answered', ...heard, answeredBy: null },
        ...(isMachine(params) ? [{ type: 'machine', ...heard } as const] : []),
      ];
    case 'machine':
      return [...initiated, ...(isMachine(params) ? [{ type: 'machine', ...heard } as const] : [])];
    case 'hangup':
      return hangupEvents(params, context, sessionStart);
    default:
      return [];
  }
}

type CallbackKind = 'ring' | 'answer' | 'machine' | 'hangup';

/** By the event's own name first: hosts point several events at one URL. */
function kindOf(params: Params): CallbackKind | null {
  switch (param(params, 'Event')?.toLowerCase()) {
    case 'ring':
      return 'ring';
    case 'startapp':
      return 'answer';
    case 'machinedetection':
      return 'machine';
    case 'hangup':
      return 'hangup';
    default:
      return kindByStatus(params);
  }
}

function kindByStatus(params: Params): CallbackKind | null {
  if (param(params, 'HangupCause') ?? param(params, 'HangupCauseCode') ?? param(params, 'EndTime')) return 'hangup';
  switch (param(params, 'CallStatus')?.toLowerCase()) {
    case 'ringing':
      return 'ring';
    case 'in-progress':
      return isMachine(params) ? 'machine' : 'answer';
    case undefined:
      return null;
    default:
      return 'hangup';
  }
}

/** A hangup alone tells the whole call: when it was placed, whether and when it was answered, how it ended. */
function hangupEvents(params: Params, context: PlivoContext, sessionStart: number | null): CallEvent[] {
  const received = context.receivedAt;
  const started = parseClock(param(params, 'StartTime'));
  const derived = consoleOffset(started, sessionStart);
  const instant = (name: string): Moment | null => {
    const wall = parseClock(param(params, name));
    return wall === null ? null : clamped(wall - (derived ?? zoneOffset(wall, context.timeZone)), received, 'exact');
  };
  const session = sessionStart === null ? null : clamped(sessionStart, received, 'approximate');
  const placed = instant('StartTime') ?? session;
  const answered = instant('AnswerTime');
  const ended = instant('EndTime') ?? { at: received, timing: 'receipt' };
  return [
    ...(placed ? [{ type: 'initiated', ...placed } as const] : []),
    ...(answered ? [{ type: 'answered', ...answered, answeredBy: null } as const] : []),
    ...(isMachine(params) ? [{ type: 'machine', ...(answered ?? ended) } as const] : []),
    endOf(params, ended),
  ];
}

function endOf(params: Params, moment: Moment): CallEvent {
  const micros = microsOf(param(params, 'TotalCost') ?? '');
  return {
    type: 'ended',
    ...moment,
    end: {
      status: endWords[param(params, 'CallStatus')?.toLowerCase() ?? ''] ?? null,
      code: wholeNumber(param(params, 'HangupCauseCode'), 99_999),
      cause: param(params, 'HangupCause') ?? param(params, 'HangupCauseName'),
      source: param(params, 'HangupSource'),
      duration: wholeNumber(param(params, 'Duration'), 7 * 86_400),
    },
    billDuration: wholeNumber(param(params, 'BillDuration'), 7 * 86_400),
    cost: micros === null ? null : { micros, currency: null },
    digits: param(params, 'Digits'),
    recordingUrl: param(params, 'RecordUrl') ?? param(params, 'RecordingUrl'),
    retryDueAt: null,
  };
}

const endWords: Readonly<Record<string, EndWord>> = {
  completed: 'completed',
  busy: 'busy',
  failed: 'failed',
  timeout: 'timeout',
  'no-answer': 'no-answer',
  cancel: 'canceled',
  canceled: 'canceled',
  cancelled: 'canceled',
  rejected: 'rejected',
};

function isMachine(params: Params): boolean {
  const verdict = param(params, 'Machine')?.toLowerCase();
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
