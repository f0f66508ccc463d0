import { listedNumber } from '@ringside/core';
import { ArrayBroken, arrayItems } from '../rows/array-items.ts';
import { CsvBroken, csvRecords } from '../rows/csv-records.ts';
import { type Line, linesOf } from '../rows/lines.ts';
import type { Columns } from './columns.ts';
import { UploadRefused } from './upload-refused.ts';

export type ListFormat = 'csv' | 'ndjson' | 'json';

export type Cell = readonly [column: string, value: unknown];

/** A row of an upload, or why it could not be read. */
export type SourceRow = { readonly line: number } & (
  | { readonly cells: readonly Cell[] }
  | { readonly cells: null; readonly why: string }
);

export interface RowSource {
  readonly format: ListFormat;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly columns: Columns;
}

const MOST_ROW_BYTES = 256 * 1024;
const MOST_COLUMNS = 1_000;
const MOST_ATTRIBUTES = 32;
/** What a decoder puts where it found no UTF-8. */
const NOT_UTF8 = '\uFFFD';

/**
 * The rows of an uploaded list, one at a time.
 * @throws UploadRefused where nothing more can be read, with the line
 */
export async function* sourceRows({ format, bytes, columns }: RowSource): AsyncGenerator<SourceRow> {
  try {
    if (format === 'csv') yield* csvRows(bytes, columns);
    else if (format === 'ndjson') yield* documents(linesOf(bytes, MOST_ROW_BYTES));
    else yield* documents(arrayItems(bytes, MOST_ROW_BYTES));
  } catch (error) {
    if (!(error instanceof CsvBroken) && !(error instanceof ArrayBroken)) throw error;
    throw new UploadRefused('malformed-body', `Line ${error.line}: ${error.message}. Nothing from there on was read.`);
  }
}

async function* csvRows(bytes: AsyncIterable<Uint8Array>, columns: Columns): AsyncGenerator<SourceRow> {
  let names: readonly string[] | null = null;
  for await (const { line, cells, reason } of csvRecords(bytes)) {
    if (cells === null) yield { line, cells: null, why: `${reason}: write a quote inside quotes twice` };
    else if (names === null) {
      names = cells.map((name) => name.trim());
      checkHeader(names, line, columns);
    } else yield csvRow(line, cells, names);
  }
  if (names === null) throw new UploadRefused('malformed-body', 'There is nothing in the file.');
}

function csvRow(line: number, cells: readonly string[], names: readonly string[]): SourceRow {
  if (cells.length !== names.length) {
    const why = `the row has ${cells.length} columns and the header ${names.length}: put cells with separators in quotes`;
    return { line, cells: null, why };
  }
  if (cells.some((cell) => cell.includes(NOT_UTF8)))
    return { line, cells: null, why: 'the row is not UTF-8: save the file as “CSV UTF-8”' };
  const read = names.flatMap((name, at): Cell[] => (name === '' ? [] : [[name, cells[at]]]));
  return { line, cells: read };
}

/** What would go wrong with every row is said once. */
function checkHeader(names: readonly string[], line: number, columns: Columns): void {
  const refuse = (why: string): never => {
    throw new UploadRefused('malformed-body', `Line ${line}: ${why}`);
  };
  const [missing] = columns.missingIn(names);
  if (names.length > MOST_COLUMNS) refuse(`there are more than ${MOST_COLUMNS} columns.`);
  if (names.some((name) => 'number' in listedNumber(name, null)))
    refuse('the first line must name the columns, such as number,name,city.');
  if (missing !== undefined) refuse(`map names ${quoted(missing)}, and there is no such column.`);
  const named = names.filter((name) => name !== '' && columns.targetOf(name) !== '-');
  const double = named.find((name, at) => named.indexOf(name) !== at);
  if (double !== undefined) refuse(`two columns are called ${quoted(double)}: rename one.`);
  if (!named.some((name) => columns.targetOf(name) === 'number'))
    refuse('no column is known to hold numbers: call it number, or say which it is with ?map=column:number.');
  const attributes = named.filter((name) => columns.targetOf(name) === 'attribute').length;
  if (attributes > MOST_ATTRIBUTES)
    refuse(`${attributes} columns would be kept, at most ${MOST_ATTRIBUTES}: leave some out with ?map=column:-.`);
}

async function* documents(lines: AsyncIterable<Line>): AsyncGenerator<SourceRow> {
  for await (const { line, text } of lines) {
    if (text === null) yield { line, cells: null, why: 'the row is longer than 256 KiB, or not UTF-8' };
    else if (text.trim() !== '') yield { line, ...document(text) };
  }
}

function document(text: string): { cells: readonly Cell[] } | { cells: null; why: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { cells: Object.entries(value) };
    return { cells: null, why: 'the row is no JSON object' };
  } catch {
    return { cells: null, why: 'the row is not JSON' };
  }
}

function quoted(name: string): string {
  return `“${name.slice(0, 64)}”`;
}
