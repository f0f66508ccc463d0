import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { must } from '@ringside/core';
import { type CsvError, parse } from 'csv-parse';

/** One record of a CSV, its header included. */
export interface CsvRecord {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  /** `null` where it could not be read. */
  readonly cells: readonly string[] | null;
  readonly reason: string | null;
}

/** Nothing after this line of a CSV can be read: what is a cell and what is a record is not known any more. */
export class CsvBroken extends Error {
  override readonly name = 'CsvBroken';
  readonly line: number;

  constructor(line: number, why: string) {
    super(why);
    this.line = line;
  }
}

const HEAD_BYTES = 64 * 1024;
const MOST_ROW_CHARACTERS = 1024 * 1024;
const LINE_BREAK = /\r\n|\n|\r/g;

/** What leaves the parser in the middle of something. */
const broken: Readonly<Record<string, string>> = {
  CSV_MAX_RECORD_SIZE: 'the row that begins here does not end: is a quote missing?',
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and not closed before the end of the file',
};

/**
 * Reads a CSV in UTF-8, with or without a byte order mark, or in UTF-16 with one, as spreadsheets write it too; the first
 * line shows what separates its cells. Only what is read next is in memory.
 * @throws CsvBroken after the records before
 */
export async function* csvRecords(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const { head, all } = await beginning(source);
  const skipped: Skipped[] = [];
  const last = new LineCount();
  const fatal: string[] = [];
  let skippedLine = 0;
  const parser = parse({
    bom: true,
    info: true,
    delimiter: delimiterOf(head),
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MOST_ROW_CHARACTERS,
    on_skip: (error: CsvError | undefined) => {
      const code = error?.code ?? 'unreadable';
      const why = broken[code];
      const line = lineOf(error);
      if (why !== undefined) fatal.push(why);
      // Each wrong quote of a row is told.
      else if (line !== skippedLine) skipped.push({ line, code });
      skippedLine = line;
      return undefined;
    },
  });
  const fed = pipeline(all, parser);
  // It destroys the parser, from which the error is heard.
  fed.catch(() => {});
  for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
    const { tooMany } = last;
    const line = last.begins(info.lines, record);
    // The parser runs ahead of us; the order must be that of the file.
    while (skipped[0] && skipped[0].line - tooMany <= line)
      yield unreadable(must(skipped.shift(), 'it was just there'), tooMany);
    yield { line, cells: record, reason: null };
  }
  for (const one of skipped) yield unreadable(one, last.tooMany);
  if (fatal[0] !== undefined)
    throw new CsvBroken(Math.max(last.line, (skipped.at(-1)?.line ?? 0) - last.tooMany) + 1, fatal[0]);
}

/** A row that the parser left out, with the line as it counts. */
interface Skipped {
  readonly line: number;
  readonly code: string;
}

function unreadable({ line, code }: Skipped, tooMany: number): CsvRecord {
  return { line: line - tooMany, cells: null, reason: `not CSV (${code})` };
}

/** Puts right what the parser counts: of a break of two characters inside quotes it counts both. */
class LineCount {
  /** Line on which the last record ended. */
  line = 0;
  /** How much more the parser has counted. */
  tooMany = 0;

  /** @returns on which line a record begins that ended on this one, as the parser counts */
  begins(endsOn: number, record: readonly string[]): number {
    let counted = 0;
    let breaks = 0;
    for (const cell of record) {
      if (!cell.includes('\n') && !cell.includes('\r')) continue;
      for (const [found] of cell.matchAll(LINE_BREAK)) {
        breaks += 1;
        counted += found.length;
      }
    }
    this.tooMany += counted - breaks;
    this.line = endsOn - this.tooMany;
    return this.line - breaks;
  }
}

/** The first bytes as text, and everything. */
async function beginning(
  source: AsyncIterable<Uint8Array>,
): Promise<{ head: string; all: Readable | AsyncIterable<Uint8Array> }> {
  const pieces = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  let hasLine = false;
  while (!hasLine && length < HEAD_BYTES) {
    const { value, done } = await pieces.next();
    if (done) break;
    first.push(value);
    length += value.length;
    hasLine = value.includes(0x0a) || value.includes(0x0d);
  }
  const all = Readable.from(
    (async function* () {
      try {
        yield* first;
        yield* { [Symbol.asyncIterator]: () => pieces };
      } finally {
        await pieces.return?.();
      }
    })(),
  );
  const bytes = Buffer.concat(first);
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return { head: bytes.toString(isWide ? 'utf16le' : 'utf8').trimStart(), all };
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
