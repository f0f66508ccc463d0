import { closeSync, createReadStream, openSync, type ReadStream, readSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { must } from '@ringside/core';
import { CsvError, parse } from 'csv-parse';
import { CliError } from '../terminal.ts';
import type { Row } from './fields.ts';

export type Format = 'csv' | 'ndjson';

/** One row of the file, or why there is none. */
export interface ReadRow {
  /** Line of the file; of a row over several lines the last. */
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
const MOST_ROW_CHARACTERS = 1024 * 1024;

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
  return { format, share, rows: format === 'csv' ? csvRows(stream, head) : ndjsonRows(stream) };
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

interface ParsedRecord {
  readonly info: { readonly lines: number };
  readonly record: Row;
}

async function* csvRows(stream: ReadStream, head: string): AsyncGenerator<ReadRow> {
  const skipped: ReadRow[] = [];
  const parser = parse({
    columns: (header: string[]) => header.map((name) => name.trim()),
    bom: true,
    info: true,
    delimiter: delimiterOf(head),
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MOST_ROW_CHARACTERS,
    on_skip: (error: CsvError | undefined, raw: string | undefined) => {
      skipped.push({ line: lineOf(error), row: null, reason: reasonOf(error), raw: raw?.slice(0, 1_000) ?? null });
      return undefined;
    },
  });
  stream.on('error', (error: Error) => parser.destroy(error));
  stream.pipe(parser);
  try {
    for await (const { info, record } of parser as AsyncIterable<ParsedRecord>) {
      // The parser runs ahead of us; the order must be that of the file, for --resume counts on it.
      while (skipped[0] && skipped[0].line <= info.lines) yield must(skipped.shift(), 'it was just there');
      yield { line: info.lines, row: record, reason: null, raw: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    skipped.push({ line: lineOf(error), row: null, reason: reasonOf(error), raw: null });
  } finally {
    stream.destroy();
  }
  yield* skipped;
}

/** Of the usual separators the one that the first line has most of. */
function delimiterOf(head: string): string {
  const [first = ''] = head.split(/\r?\n/, 1);
  const counted = [',', ';', '\t', '|'].map((mark) => ({ mark, n: first.split(mark).length }));
  return counted.reduce((best, one) => (one.n > best.n ? one : best)).mark;
}

function lineOf(error: CsvError | undefined): number {
  return Number((error as { lines?: number } | undefined)?.lines ?? 0);
}

function reasonOf(error: CsvError | undefined): string {
  if (error?.code === 'CSV_RECORD_INCONSISTENT_COLUMNS' || error?.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH')
    return 'has another number of columns than the header';
  return `not CSV (${error?.code ?? 'unreadable'})`;
}
