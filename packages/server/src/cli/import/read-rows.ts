import { closeSync, createReadStream, openSync, type ReadStream, readSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { CsvBroken, csvRecords } from '../../rows/csv-records.ts';
import { CliError } from '../terminal.ts';
import type { Row } from './fields.ts';

export type Format = 'csv' | 'ndjson';

/** One row of the file, or why there is none. */
export interface ReadRow {
  /** Line of the file; of a row over several lines the first. */
  readonly line: number;
  readonly row: Row | null;
  /** Set where the row could not be read. */
  readonly reason: string | null;
  /** What stood there, for the file of rejected rows. */
  readonly raw: unknown;
}

/** A file of rows, with how much of it has been read. */
export interface RowFile {
  readonly format: Format;
  readonly rows: AsyncIterable<ReadRow>;
  /** 0 to 1. */
  readonly share: () => number;
}

const HEAD_BYTES = 64 * 1024;

/** Opens a file of past calls. It is read as a stream; only one row at a time is in memory. */
export function openRows(path: string, wanted: Format | null): RowFile {
  const head = headOf(path)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (head === '') throw new CliError(`${path} is empty`);
  const format = wanted ?? (head.startsWith('{') ? 'ndjson' : 'csv');
  if (head.startsWith('['))
    throw new CliError(`${path} is one JSON array: write one document a line (jq -c '.[]' does)`);
  const { size } = statSync(path);
  const stream = createReadStream(path);
  const share = (): number => (size === 0 ? 1 : stream.bytesRead / size);
  return { format, share, rows: format === 'csv' ? csvRows(stream) : ndjsonRows(stream) };
}

/** The first bytes of a file. @throws CliError when it cannot be read */
export function headOf(path: string): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      return head.subarray(0, readSync(file, head));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new CliError(`cannot read ${path}: ${(error as Error).message}`);
  }
}

async function* ndjsonRows(stream: ReadStream): AsyncGenerator<ReadRow> {
  let line = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    const bare = text.replace(/^\uFEFF/, '').trim();
    if (bare !== '') yield { line, ...parsedLine(bare) };
  }
}

function parsedLine(text: string): Omit<ReadRow, 'line'> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { row: value as Row, reason: null, raw: value };
    return { row: null, reason: 'not a JSON object', raw: text };
  } catch {
    return { row: null, reason: 'not JSON', raw: text };
  }
}

async function* csvRows(stream: ReadStream): AsyncGenerator<ReadRow> {
  let header: readonly string[] | null = null;
  try {
    for await (const { line, cells, reason } of csvRecords(stream)) {
      if (cells === null) yield { line, row: null, reason, raw: null };
      else if (header === null) header = cells.map((name) => name.trim());
      else if (cells.length !== header.length)
        yield { line, row: null, reason: 'has another number of columns than the header', raw: cells };
      else {
        const row = Object.fromEntries(header.map((name, at) => [name, cells[at]])) as Row;
        yield { line, row, reason: null, raw: row };
      }
    }
  } catch (error) {
    if (!(error instanceof CsvBroken)) throw error;
    yield { line: error.line, row: null, reason: `not CSV: ${error.message}`, raw: null };
  }
}
