import { rmSync } from 'node:fs';
import pg from 'pg';
import { type Database, openDatabase } from '../store/sqlite/database.ts';
import { temporaryFolder } from './running-server.ts';

/** Tables that both kinds of store have, with the columns that both have. */
const TABLES = {
  calls:
    'campaign_key, call_row, contact_key, started_at, ended_at, end_key, last_at, outcome, lead, code, answered_by, talk, number, seqs, record',
  aliases: 'campaign_key, alias, call_row',
  contacts: 'campaign_key, contact_key, attempts',
  numbers: 'campaign_key, number, contact_ids',
  call_events: 'campaign_key, seq, received_at, delivery, raw',
  campaign_events: 'campaign_key, event_key, is_change, entry',
  base_rollups: 'campaign_key, deleted_before, first_at, last_at, calls, contacts, told_calls, told_contacts, totals',
  base_buckets: 'campaign_key, minute, counts',
  erasing: 'campaign_key, asked',
} as const;

type Row = Readonly<Record<string, string | number | null>>;

/**
 * Copies what a store in PostgreSQL keeps of campaigns into an embedded store, so that whatever looks into one can look
 * into the other. @returns the folder, to be removed
 */
export async function copyToSqlite(url: string): Promise<ReturnType<typeof temporaryFolder>> {
  const folder = temporaryFolder();
  const db = openDatabase(folder.path);
  const types = new pg.TypeOverrides();
  types.setTypeParser(20, Number);
  const client = new pg.Client({ connectionString: url, types });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    for (const [table, columns] of Object.entries(TABLES)) {
      insert(db, table, (await client.query<Row>(`SELECT ${columns} FROM ${table}`)).rows);
    }
    const buckets = await client.query<Row>("SELECT campaign_key, minute, counts FROM buckets WHERE counts <> '[]'");
    insert(db, 'buckets', buckets.rows);
    const campaigns = await client.query<Row>(
      `SELECT campaign_key, workspace, campaign_id, created_at, registered::int, record, version, first_at, last_at,
              first_call_at, totals
       FROM campaigns JOIN rollups USING (campaign_key)`,
    );
    insert(db, 'campaigns', campaigns.rows.map(campaignRow));
    insert(
      db,
      'rollups',
      campaigns.rows.map(({ campaign_key, totals }) => ({ campaign_key, totals, included: 0 }) as Row),
    );
    return folder;
  } catch (error) {
    rmSync(folder.path, { recursive: true });
    throw error;
  } finally {
    db.close();
    await client.end();
  }
}

function campaignRow(row: Row): Row {
  const { campaign_key, workspace, campaign_id, created_at, registered } = row as Record<string, string | number>;
  const { first_at: firstAt, last_at: lastAt, first_call_at: firstCallAt, version } = row;
  const state = JSON.stringify({ campaign: JSON.parse(String(row.record)), firstAt, lastAt, firstCallAt, version });
  return { campaign_key, workspace, campaign_id, created_at, registered, state } as Row;
}

function insert(db: Database, table: string, rows: readonly Row[]): void {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  const statement = db.prepare(sql);
  db.exec('BEGIN');
  for (const row of rows) statement.run(...columns.map((column) => row[column] ?? null));
  db.exec('COMMIT');
}
