import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { RejectedRow, UploadAnswer } from '@ringside/protocol';
import { stringify } from 'csv-stringify';
import { safeCell } from '../../rows/csv-cell.ts';
import type { AdminClient } from '../access/admin-client.ts';
import { path, query } from '../access/arguments.ts';
import type { CliContext } from '../context.ts';
import { Progress } from '../progress.ts';
import { CliError, counted, grouped } from '../terminal.ts';

/** A file of contacts, and where they go. */
export interface ListFile {
  readonly file: string;
  readonly campaignId: string;
  readonly map: string | undefined;
}

const types: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.tsv': 'text/csv',
  '.txt': 'text/csv',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.json': 'application/json',
};
const MOST_SHOWN = 10;

/** What a list would come to; nothing is stored. */
export async function previewList(client: AdminClient, list: ListFile, context: CliContext): Promise<UploadAnswer> {
  const answer = await send(client, list, { context, label: 'looking at', preview: '1', accept: 'application/json' });
  return JSON.parse(Buffer.concat(await all(answer)).toString()) as UploadAnswer;
}

/** Puts a list on its campaign. @param rejects CSV to be written with every row that was left out */
export async function uploadList(
  client: AdminClient,
  list: ListFile,
  { context, rejects }: { readonly context: CliContext; readonly rejects: string | undefined },
): Promise<UploadAnswer> {
  const how = { context, label: 'uploading', preview: undefined, accept: 'application/x-ndjson' };
  const answer = await send(client, list, how);
  const csv = stringify({
    header: true,
    columns: ['line', 'code', 'message', 'value'],
    cast: { string: safeCell },
    bom: true,
  });
  const file = rejects === undefined ? null : csv.pipe(createWriteStream(rejects));
  let last: string | null = null;
  // The answer is the last line.
  for await (const line of createInterface({ input: Readable.from(answer) })) {
    if (last !== null && file && !csv.write(JSON.parse(last) as RejectedRow)) await drained(csv);
    last = line;
  }
  if (file) {
    csv.end();
    await finished(file);
  }
  if (last === null) throw new CliError('the server answered nothing: look at the campaign before you upload again');
  return JSON.parse(last) as UploadAnswer;
}

/** What will be called and what not, for a person. */
export function previewText({ accepted, rejected, reasons, rows, columns }: UploadAnswer): string {
  const read = Object.entries(columns).map(([column, target]) => `  ${column} → ${target}`);
  const why = Object.entries(reasons).map(([code, count]) => `  ${grouped(count)} ${code}`);
  const shown = rows.slice(0, MOST_SHOWN).map(({ line, message, value }) => {
    return `  line ${line}: ${message}${value === null ? '' : ` (${value})`}`;
  });
  const more = rejected > shown.length && shown.length > 0 ? ['  …'] : [];
  return [
    ...(read.length > 0 ? ['columns', ...read] : []),
    rejected === 0
      ? `all ${counted(accepted, 'row')} will be contacts`
      : `${grouped(rejected)} of ${counted(accepted + rejected, 'row')} will be skipped`,
    ...[...why, ...shown, ...more],
    '',
  ].join('\n');
}

interface Sending {
  readonly context: CliContext;
  readonly label: string;
  readonly preview: '1' | undefined;
  readonly accept: string;
}

function send(client: AdminClient, { file, campaignId, map }: ListFile, sending: Sending) {
  const { terminal, now } = sending.context;
  const type = types[extname(file).toLowerCase()];
  if (type === undefined) throw new CliError(`${file} must end in ${Object.keys(types).join(', ')}`);
  const size = sizeOf(file);
  const progress = new Progress(terminal, now);
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    progress.start(sending.label, size, 'bytes');
    for await (const piece of createReadStream(file)) {
      yield piece as Uint8Array;
      progress.add((piece as Uint8Array).length);
    }
    progress.clear();
  };
  const url = `${path`/v1/campaigns/${campaignId}/contacts`}${query({ preview: sending.preview, map })}`;
  return client.upload(url, { pieces: pieces(), type, accept: sending.accept });
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    throw new CliError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

async function drained(stream: NodeJS.WritableStream): Promise<void> {
  await new Promise((resolve) => stream.once('drain', resolve));
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const piece of pieces) found.push(piece);
  return found;
}
