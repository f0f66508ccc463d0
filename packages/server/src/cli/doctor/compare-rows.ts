import { callFromText, must } from '@ringside/core';
import type { Database } from '../../store/sqlite/database.ts';
import { derivedTables } from '../../store/sqlite/refold.ts';
import { type Difference, type Differences, firstDifference } from './findings.ts';

type Row = Readonly<Record<string, string | number | null>>;
type Table = keyof typeof derivedTables;

const nouns: Readonly<Record<Table, Difference['what']>> = {
  calls: 'call',
  aliases: 'alias',
  contacts: 'contact',
  numbers: 'number',
};

export interface RowsToCompare {
  readonly found: Database;
  readonly expected: Database;
  readonly key: string;
  readonly differences: Differences;
  /** Told of every row that is in the store. */
  readonly onFound?: (row: Row) => void;
}

/** Walks through a table of a campaign as it is and as it should be, side by side, in the order of its key. */
export function compareRows(table: Table, { found, expected, key, differences, onFound }: RowsToCompare): void {
  const column = derivedTables[table];
  const name = (row: Row): string => String(row[column]);
  const isRows = rowsOf(found, table, key);
  const shouldRows = rowsOf(expected, table, key);
  let is = isRows.next();
  let should = shouldRows.next();
  while (!is.done || !should.done) {
    const order = is.done ? 1 : should.done ? -1 : compareKeys(name(is.value), name(should.value));
    if (order <= 0 && !is.done) onFound?.(is.value);
    if (order > 0) differences.add(nouns[table], name(must(should.value, 'one side is left')), 'there', 'missing');
    else if (order < 0) differences.add(nouns[table], name(must(is.value, 'one side is left')), 'none', 'there');
    else if (!is.done && !should.done) compareRow(table, name(is.value), should.value, is.value, differences);
    if (order >= 0) should = shouldRows.next();
    if (order <= 0) is = isRows.next();
  }
}

function rowsOf(db: Database, table: Table, key: string): Iterator<Row, undefined> {
  // Whatever columns a later schema adds are compared too; ids of rows say nothing.
  const info = db.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[];
  const columns = info.map(({ name }) => name).filter((name) => name !== 'id' && name !== 'campaign_key');
  const sql = `SELECT ${columns.join(', ')} FROM ${table} WHERE campaign_key = ? ORDER BY ${derivedTables[table]}`;
  return db.prepare(sql).iterate(key) as unknown as Iterator<Row, undefined>;
}

function compareRow(table: Table, name: string, expected: Row, found: Row, differences: Differences): void {
  for (const column of Object.keys(expected)) {
    const [should, is] = [expected[column] ?? null, found[column] ?? null];
    if (should === is) continue;
    const difference = firstDifference(parsed(column, should), parsed(column, is), column);
    if (difference) differences.add(nouns[table], `${name} ${difference.path}`, difference.expected, difference.found);
  }
}

/** JSON columns are compared by what they mean. */
function parsed(column: string, value: string | number | null): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return column === 'record' ? callFromText(value) : JSON.parse(value);
  } catch {
    return value;
  }
}

/** The order of the database: by bytes, where JavaScript would go by UTF-16 units. */
function compareKeys(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
