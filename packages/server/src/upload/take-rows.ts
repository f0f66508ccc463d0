import { must } from '@ringside/core';
import type { ListedAs, ListRow } from '../store/dialing/dial-store.ts';
import { checkRow, type RowRules, type WrongRow } from './check-row.ts';
import type { Tally } from './rejected.ts';
import type { SourceRow } from './source-rows.ts';
import { UploadRefused } from './upload-refused.ts';

/** What each chunk of good rows goes through. */
export interface RowTaker {
  /** @returns what became of each, in order */
  readonly take: (rows: readonly ListRow[]) => Promise<readonly ListedAs[]>;
  /** Told after each chunk. */
  readonly taken?: () => Promise<void>;
}

const CHUNK = 1_000;
export const MOST_ROWS = 1_000_000;

const refusals: Readonly<Record<Exclude<ListedAs, 'added'>, Omit<WrongRow, 'value'>>> = {
  duplicate: { code: 'duplicate', message: 'this number is on the list already' },
  'duplicate-id': { code: 'duplicate-id', message: 'another contact of the list has this id: give each its own' },
  'do-not-call': { code: 'do-not-call', message: 'this number may not be called' },
};

/**
 * Reads rows a chunk at a time: the next ones are read when the store has taken those before, and so on back to the
 * sender.
 */
export async function takeRows(
  rows: Iterable<SourceRow> | AsyncIterable<SourceRow>,
  rules: RowRules,
  { tally, taker }: { readonly tally: Tally; readonly taker: RowTaker },
): Promise<void> {
  for await (const chunk of chunksOf(rows)) {
    if (tally.rows + chunk.length > MOST_ROWS) {
      const why = `An upload has at most ${MOST_ROWS} rows: send what follows line ${chunk[0]?.line} as another one.`;
      throw new UploadRefused('body-too-large', why);
    }
    const checked = chunk.map((row) => checkRow(row, rules));
    const good = checked.filter((row): row is ListRow => 'number' in row);
    const listed = good.length === 0 ? [] : await taker.take(good);
    countChunk(chunk, checked, { listed, tally });
    await tally.flush();
    await taker.taken?.();
  }
}

function countChunk(
  chunk: readonly SourceRow[],
  checked: readonly (ListRow | WrongRow)[],
  { listed, tally }: { readonly listed: readonly ListedAs[]; readonly tally: Tally },
): void {
  let next = 0;
  for (const [index, { line }] of chunk.entries()) {
    const row = must(checked[index], 'every row is checked');
    if ('code' in row) {
      tally.reject(line, row);
      continue;
    }
    const as = must(listed[next], 'the store answers for every row');
    next += 1;
    if (as === 'added') tally.accepted += 1;
    else tally.reject(line, { ...refusals[as], value: as === 'duplicate-id' ? row.contactId : row.number });
  }
}

async function* chunksOf(rows: Iterable<SourceRow> | AsyncIterable<SourceRow>): AsyncGenerator<SourceRow[]> {
  let chunk: SourceRow[] = [];
  try {
    for await (const row of rows) {
      chunk.push(row);
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = [];
    }
  } catch (error) {
    // What was read whole before the file broke off is taken like everything before it.
    if (error instanceof UploadRefused && chunk.length > 0) yield chunk;
    throw error;
  }
  if (chunk.length > 0) yield chunk;
}
