import { hasAny, type Params, param } from './form.ts';

/** What ends a value in the signed text, which has no separators. */
type End =
  /** Its own form: with a letter more or less it would be none. */
  | 'form'
  /** A capital, as names of the provider begin with one. A small letter could belong to it or to what follows. */
  | 'capital'
  /** The name of a known field alone. */
  | 'known-field';

interface Form {
  readonly shape: RegExp;
  readonly end: End;
}

/** A field that is read: the forms in which it is, and what a value of one begins with, for a look into any text. */
interface ReadField {
  readonly forms: readonly Form[];
  readonly begins: RegExp;
}

const read = (begins: RegExp, ...forms: readonly (readonly [RegExp, End])[]): ReadField => ({
  begins,
  forms: forms.map(([shape, end]) => ({ shape, end })),
});

/** Words in which no CamelCase name of a field can hide. */
const WORDS = /^(?!.*(?:[a-z0-9][A-Z]|[A-Z]{2}[a-z]))[\w ,.:;'()/-]{1,256}$/;
const WORD_BEGINS = /\w/y;
const UUID = /^[0-9a-z]{8}(?:-[0-9a-z]{4}){3}-[0-9a-z]{12}$/i;
const OTHER_ID = /^(?![0-9a-z]{8}(?:-[0-9a-z]{4}){3}-[0-9a-z]{12})(?!.+[A-Z][a-z])[\w.:~-]{1,256}$/;
const SIP = /^sips?:[^\s<>@&]{1,200}@[a-z0-9.:[\]-]{1,200}$/;

const id = read(/\w/y, [UUID, 'form'], [OTHER_ID, 'capital']);
const time = read(/\d{4}-\d\d-\d\d/y, [/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,6})?$/, 'form']);
const seconds = read(/\d{1,9}(?=$|[A-Za-z&])/y, [/^\d{1,9}$/, 'form']);
const NUMBER = /^\+?\d[\d ().-]{0,30}$/;
const address = read(/\+?\d{2}|sips?:/y, [NUMBER, 'form'], [SIP, 'capital']);
const recording = read(/https?:/y, [/^https?:\/\/[^\s&]{1,2000}\.[a-z0-9]{2,5}$/, 'capital']);
const words = (...known: readonly string[]): ReadField =>
  read(WORD_BEGINS, [oneOf(known), 'form'], [WORDS, 'known-field']);
const choice = (...known: readonly string[]): ReadField =>
  read(new RegExp(`(?:${known.join('|')})`, 'iy'), [oneOf(known), 'form']);

function oneOf(known: readonly string[]): RegExp {
  return new RegExp(`^(?:${known.join('|')})$`, 'i');
}

const readFields: ReadonlyMap<string, ReadField> = new Map([
  ['ALegRequestUUID', id],
  ['ALegUUID', id],
  ['AnswerTime', time],
  ['BillDuration', seconds],
  [
    'CallStatus',
    words('ringing', 'in-progress', 'completed', 'busy', 'failed', 'timeout', 'no-answer', 'cancell?ed', 'cancel'),
  ],
  ['CallUUID', id],
  ['Digits', read(/[0-9*#]/y, [/^[0-9A-D*#]{1,64}$/, 'form'])],
  ['Direction', choice('inbound', 'outbound', 'outbound-api', 'outbound-dial')],
  ['Duration', seconds],
  ['EndTime', time],
  ['Event', choice('Ring', 'StartApp', 'Hangup', 'MachineDetection')],
  ['From', { ...address, forms: [...address.forms, { shape: WORDS, end: 'known-field' }] }],
  ['HangupCause', words()],
  ['HangupCauseCode', read(/\d{1,5}(?=$|[A-Za-z&])/y, [/^\d{1,5}$/, 'form'])],
  ['HangupCauseName', words()],
  [
    'HangupSource',
    words('Callee', 'Caller', 'Call recipient', 'Plivo', 'Carrier', 'API Request', 'Answer XML', 'Error', 'Unknown'),
  ],
  ['Machine', choice('true', 'false', 'machine_detection')],
  ['RecordUrl', recording],
  ['RecordingUrl', recording],
  ['RequestUUID', id],
  ['SessionStart', time],
  ['StartTime', time],
  ['To', address],
  ['TotalCost', read(/\d{1,9}(?:\.\d+)?(?=$|[A-Za-z&])/y, [/^\d{1,9}(?:\.\d{1,12})?$/, 'form'])],
]);

/** Fields that the provider documents, or was seen to send, and that no report needs. */
const otherFields: ReadonlySet<string> = new Set([
  ...['BillRate', 'CallerName', 'ComplianceApplicationId', 'ComplianceStatus', 'CountryCode', 'ForwardedFrom'],
  ...['IfMachine', 'ParentAuthID', 'ParentCallUUID', 'RouteType', 'STIRAttestation', 'STIRVerification'],
  ...['RecordingDuration', 'RecordingDurationMs', 'RecordingEndMs', 'RecordingID', 'RecordingStartMs'],
  ...['DialALegUUID', 'DialAction', 'DialBLegBillDuration', 'DialBLegDuration', 'DialBLegFrom', 'DialBLegTo'],
  ...['DialBLegHangupCause', 'DialBLegHangupCauseCode', 'DialBLegHangupCauseName', 'DialBLegHangupSource'],
  ...['DialBLegStatus', 'DialBLegUUID', 'DialHangupCause', 'DialRingStatus', 'DialStatus', 'SIP-H-From', 'SIP-H-To'],
]);
const CAPITALS = /^[A-Z0-9]+$/;

/** Names of the provider's fields that are read. */
export const READ: readonly string[] = [...readFields.keys()];

/** Parameters of a callback URL that are read; whoever set the URL up gave them. */
export const OWN = ['attemptId', 'campId', 'campaignId', 'contactId'] as const;
type OwnName = (typeof OWN)[number];

/** Whether the provider is known to send a field of this name. */
export function isKnown(name: string): boolean {
  return readFields.has(name) || otherFields.has(name);
}

/** Whether a value of a field that is read begins there in a text. */
export function beginsAt(name: string, text: string, at: number): boolean {
  const begins = readFields.get(name)?.begins;
  if (begins === undefined) return false;
  begins.lastIndex = at;
  return begins.test(text);
}

/**
 * The fields of a callback: of its body, or of the query where there is no body. A field of an unexpected form is kept
 * as text with the callback and not read, for the signature does not prove where it ends.
 */
export class Fields {
  /** Decoded. */
  readonly query: Params;
  readonly body: Params;
  /** Every field is known, is given once and has a value in which no other can hide. */
  readonly isPlain: boolean;
  readonly #values = new Map<string, string>();

  constructor(query: Params, body: Params) {
    this.query = query;
    this.body = body;
    const open: [string, End][] = [];
    let isPlain = true;
    const given = hasAny(body) ? body : query;
    for (const name in given) {
      const known = readFields.get(name);
      const value = known ? param(given, name) : null;
      const form = value === null ? null : known?.forms.find(({ shape }) => shape.test(value));
      if (value !== null && form) {
        this.#values.set(name, value);
        if (form.end !== 'form') open.push([name, form.end]);
      }
      isPlain &&= known ? form !== undefined && !Array.isArray(given[name]) : isPlainOther(name, given[name]);
    }
    this.isPlain = isPlain;
    if (isPlain || given !== body) return;
    for (const [name, end] of open) if (!isEnded(body, name, end)) this.#values.delete(name);
  }

  /** A field of the provider, `null` where there is none or it is not read. */
  of(name: string): string | null {
    return this.#values.get(name) ?? null;
  }

  /** A parameter of the callback URL, likewise. */
  own(name: OwnName): string | null {
    return ownParameter(this.query, name);
  }
}

/** The campaign that a callback URL names; `null` where it names none. */
export function campaignOf(query: Params): string | null {
  return ownParameter(query, 'campId') ?? ownParameter(query, 'campaignId');
}

/** One that holds a separator of the query may have been two. */
function ownParameter(query: Params, name: OwnName): string | null {
  const value = param(query, name);
  return value === null || value.length > 256 || value.includes('&') ? null : value;
}

function isPlainOther(name: string, value: Params[string]): boolean {
  return (
    otherFields.has(name) && typeof value === 'string' && (value === '' || WORDS.test(value) || CAPITALS.test(value))
  );
}

/** Whether what follows a field in the signed text can be no part of its value. */
function isEnded(body: Params, name: string, end: End): boolean {
  let next: string | null = null;
  for (const other in body) if (other > name && (next === null || other < next)) next = other;
  if (next === null || isKnown(next)) return true;
  return end === 'capital' && /^[A-Z]/.test(next);
}
