import { DatabaseSync } from '@photostructure/sqlite';
import pg from 'pg';
import { databasePath } from '../store/sqlite/database.ts';

type Row = Readonly<Record<string, string | number>>;

/** SQL of one store, and how a campaign's record lies in it. */
interface Place {
  readonly rows: (sql: string) => Promise<readonly Row[]>;
  readonly set: (sql: string, text: string, key: string, minute?: number) => Promise<void>;
  /** Column of the record, and where in it the record is. */
  readonly column: 'state' | 'record';
}

const SWITCHES: ReadonlySet<string> = new Set(['on', 'on.ms', 'off', 'off.ms', 'switches']);
const KEPT = ['registered', 'facts', 'hold', 'confirmation', 'lastAt'] as const;

/** Brings a closed store back to the schema in which a campaign’s record held everything that was said of it. */
async function takeBack({ rows, set, column }: Place): Promise<void> {
  const events = await rows('SELECT campaign_key, entry FROM campaign_events ORDER BY campaign_key, event_key');
  for (const row of await rows(`SELECT campaign_key, ${column} AS text FROM campaigns`)) {
    const [key, whole] = [String(row.campaign_key), JSON.parse(String(row.text))];
    const known = column === 'state' ? whole.campaign : whole;
    const history = events.filter(({ campaign_key: of }) => of === key).map(({ entry }) => JSON.parse(String(entry)));
    const kept = Object.fromEntries(KEPT.flatMap((name) => (name in known ? [[name, known[name]]] : [])));
    const campaign = { history, ...kept };
    const text = JSON.stringify(column === 'state' ? { ...whole, campaign } : campaign);
    await set(`UPDATE campaigns SET ${column} = $1 WHERE campaign_key = $2`, text, key);
  }
  const without = (counts: unknown): string =>
    JSON.stringify((JSON.parse(String(counts)) as [string, number][]).filter(([name]) => !SWITCHES.has(name)));
  for (const { campaign_key: key, totals } of await rows('SELECT campaign_key, totals FROM rollups'))
    await set('UPDATE rollups SET totals = $1 WHERE campaign_key = $2', without(totals), String(key));
  for (const { campaign_key: key, minute, counts } of await rows('SELECT campaign_key, minute, counts FROM buckets')) {
    const sql = 'UPDATE buckets SET counts = $1 WHERE campaign_key = $2 AND minute = $3';
    await set(sql, without(counts), String(key), Number(minute));
  }
}

export async function takeBackSqlite(dataDir: string): Promise<void> {
  const db = new DatabaseSync(databasePath(dataDir));
  try {
    await takeBack({
      column: 'state',
      rows: async (sql) => db.prepare(sql).all() as Row[],
      set: async (sql, ...values) => void db.prepare(sql.replaceAll('$', '?')).run(...(values as (string | number)[])),
    });
    db.exec("DELETE FROM buckets WHERE counts = '[]'; DROP TABLE campaign_events; PRAGMA user_version = 7");
  } finally {
    db.close();
  }
}

export async function takeBackPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await takeBack({
      column: 'record',
      rows: async (sql) => (await client.query(sql)).rows,
      set: async (sql, ...values) => void (await client.query(sql, values)),
    });
    await client.query('DROP TABLE campaign_events; UPDATE schema_version SET version = 6, floor = 6');
  } finally {
    await client.end();
  }
}
