import { DatabaseSync } from '@photostructure/sqlite';

/** Every delivery of a store, in the order of its commits, read from the file itself. */
export function deliveriesIn(path: string): unknown[] {
  return rowsIn(path, 'SELECT id, campaign_key, seq, received_at, delivery, raw FROM call_events ORDER BY id');
}

/** The calls of a store by campaign and name, read from the file itself. */
export function callsIn(path: string): Set<string> {
  const sql = `SELECT campaign_id || ' ' || call_row AS call FROM calls JOIN campaigns USING (campaign_key)`;
  return new Set((rowsIn(path, sql) as { call: string }[]).map(({ call }) => call));
}

function rowsIn(path: string, sql: string): unknown[] {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}
