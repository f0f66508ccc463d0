import type { Call, Contact } from '@ringside/protocol';
import { stringify } from 'csv-stringify/sync';
import { safeCell } from '../rows/csv-cell.ts';
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

function csv<T>(columns: readonly string[], rowOf: (item: T) => Row): FileWriter<T> {
  const options = {
    columns: [...columns],
    record_delimiter: 'windows' as const,
    // Either half of the delimiter ends a row for some readers.
    quote_record_delimiter: true,
    cast: { string: safeCell },
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
