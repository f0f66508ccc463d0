import type { Call, Contact } from '@ringside/protocol';
import { stringify } from 'csv-stringify/sync';
import type { ExportFormat } from './reads.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** Writes the pieces of a file: the first one with what stands at its head. */
export interface FileWriter<T> {
  /** @param first this is the beginning of the file */
  piece(items: readonly T[], first: boolean): string;
}

/** Turns calls into lines of a file. */
export function callWriter(format: ExportFormat): FileWriter<Call> {
  return format === 'ndjson' ? ndjson : csv(callColumns, callRow);
}

/** Turns contacts into lines of a file. */
export function contactWriter(format: ExportFormat): FileWriter<Contact> {
  return format === 'ndjson' ? ndjson : csv(contactColumns, contactRow);
}

const ndjson: FileWriter<unknown> = {
  piece: (items) => items.map((item) => `${JSON.stringify(item)}\n`).join(''),
};

/**
 * A spreadsheet takes a cell that begins like a formula for one, so an apostrophe goes before it. A line feed is among
 * the beginnings because some programs trim it, and the fullwidth forms because some take them for the ASCII ones
 * (OWASP, CSV Injection). A whole number in E.164 is let through: read as a formula it is that very number, and the file
 * goes back to systems that look it up.
 */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const E164 = /^\+[1-9]\d{6,14}$/;

function csv<T>(columns: readonly string[], rowOf: (item: T) => Row): FileWriter<T> {
  const options = {
    columns: [...columns],
    record_delimiter: 'windows' as const,
    // Either half of the delimiter ends a row for some readers.
    quote_record_delimiter: true,
    cast: { string: (text: string) => (FORMULA.test(text) && !E164.test(text) ? `'${text}` : text) },
  };
  return { piece: (items, first) => stringify(items.map(rowOf), { ...options, header: first }) };
}

const callColumns = [
  'callUUID',
  'attemptIds',
  'requestIds',
  'callIds',
  'externalIds',
  'number',
  'from',
  'contactId',
  'attempt',
  'state',
  'startTime',
  'ringTime',
  'answerTime',
  'endTime',
  'outcome',
  'answeredBy',
  'duration',
  'billDuration',
  'ringSeconds',
  'leadStatus',
  'leadScore',
  'leadReason',
  'hangupCause',
  'hangupCode',
  'hangupSource',
  'cost',
  'currency',
  'digits',
  'recordingUrl',
  'attributes',
] as const;

/** Lists in a cell are separated by blanks; attributes, whose names differ from call to call, are one cell of JSON. */
function callRow({ ids, attributes, ...call }: Call): Row {
  return {
    ...call,
    attemptIds: ids.attempt.join(' '),
    requestIds: ids.request.join(' '),
    callIds: ids.call.join(' '),
    externalIds: ids.external.join(' '),
    attributes: JSON.stringify(attributes),
  };
}

const contactColumns = [
  'contactId',
  'number',
  'state',
  'attempts',
  'lastOutcome',
  'lastEndTime',
  'leadStatus',
  'nextRetryAt',
  'attributes',
] as const;

function contactRow({ attributes, ...contact }: Contact): Row {
  return { ...contact, attributes: JSON.stringify(attributes) };
}
