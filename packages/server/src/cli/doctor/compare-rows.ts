import { callFromText } from '@ringside/core';
import { type Row, rowsOf, type Steps } from '../../store/access/steps.ts';
import type { Database } from '../../store/sqlite/database.ts';
import { derivedTables } from '../../store/sqlite/refold.ts';
import { type Difference, type Differences, firstDifference } from './findings.ts';

type Table = keyof typeof derivedTables;

const PAGE = 1_000;

const nouns: Readonly<Record<Table, Difference['what']>> = {
  calls: 'call',
  aliases: 'alias',
  contacts: 'contact',
  numbers: 'number',
  campaign_events: 'event',
};

export interface RowsToCompare {
  /** Where the rows are that should be there. */
  readonly expected: Database;
  readonly key: string;
  readonly differences: Differences;
  /** Told of every row that is in the store. */
  readonly onFound?: (row: Row) => void;
}

/**
 * Walks through a table of a campaign as it is in the store and as it should be, side by side, in the order of its key:
 * that of the bytes, in every store.
 */
export function* compareRows(table: Table, { expected, key, differences, onFound }: RowsToCompare): Steps<void> {
  const column = derivedTables[table];
  const name = (row: Row): string => String(row[column]);
  const sql = `SELECT ${columnsOf(expected, table).join(', ')} FROM ${table}
               WHERE campaign_key = $1 AND ${column} > $2 ORDER BY ${column} LIMIT ${PAGE}`;
  const should = rowsIn(expected, sql, { key, name });
  let next = should.next();
  const miss = (until: Row | null): void => {
    while (!next.done && (until === null || compareKeys(name(next.value), name(until)) < 0)) {
      differences.add(nouns[table], name(next.value), 'there', 'missing');
      next = should.next();
    }
  };
  for (let after = '', isMore = true; isMore; ) {
    const page: readonly Row[] = yield* rowsOf<Row>(sql, key, after);
    for (const row of page) {
      miss(row);
      onFound?.(row);
      if (!next.done && name(next.value) === name(row)) {
        compareRow(table, next.value, row, differences);
        next = should.next();
      } else differences.add(nouns[table], name(row), 'none', 'there');
      after = name(row);
    }
    isMore = page.length === PAGE;
  }
  miss(null);
}

/**
 * The rows that should be there, a page at a time: an iterator of the driver does not outlive a garbage collection
 * while the other store is waited for.
 */
function* rowsIn(db: Database, sql: string, { key, name }: { key: string; name: (row: Row) => string }) {
  const page = db.prepare(sql);
  for (let after = ''; ; ) {
    const rows = page.all({ $1: key, $2: after }) as unknown as readonly Row[];
    const last = rows.at(-1);
    if (!last) return;
    yield* rows;
    after = name(last);
  }
}

/** Whatever columns a later schema adds are compared too; ids of rows say nothing. */
function columnsOf(db: Database, table: Table): string[] {
  const info = db.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[];
  return info.map(({ name }) => name).filter((name) => name !== 'id' && name !== 'campaign_key');
}

function compareRow(table: Table, expected: Row, found: Row, differences: Differences): void {
  const name = String(expected[derivedTables[table]]);
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
