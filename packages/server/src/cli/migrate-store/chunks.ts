import type { Value } from '../../store/access/steps.ts';
import type { LiveCampaigns } from '../../store/sqlite/campaigns.ts';
import type { Database } from '../../store/sqlite/database.ts';
import { CAMPAIGN_TABLES, STORE_TABLES, type TableToMove } from './tables.ts';

/** How far a move is: what was written last. */
export interface Position {
  /** Key of the campaign, `''` while the tables are moved that belong to none. */
  readonly campaign: string;
  /** `''` before the first. */
  readonly table: string;
  /** Key of the last row. */
  readonly after: readonly Value[];
}

export const BEGINNING: Position = { campaign: '', table: '', after: [] };

/** Rows of one table. */
export interface TableRows {
  readonly table: string;
  readonly rows: readonly Row[];
}

/** What goes over in one transaction, together with the position after it. */
export interface Chunk {
  readonly writes: readonly TableRows[];
  readonly position: Position;
}

export type Row = Readonly<Record<string, Value | boolean>>;

const PAGE = 1_000;
/** What is written when all of a campaign's rows are there: only this makes it visible. */
const LAST = 'campaigns';

/** Everything that is in the store after a position, a chunk at a time. */
export function* chunksAfter(db: Database, campaigns: LiveCampaigns, from: Position): Generator<Chunk> {
  if (from.campaign === '') {
    for (const table of notYetDone(STORE_TABLES, from)) yield* tableChunks(db, table, '', from);
  }
  for (const { key } of keysFrom(db, from.campaign)) {
    const at = key === from.campaign ? from : BEGINNING;
    if (at.table === LAST) continue;
    for (const table of notYetDone(CAMPAIGN_TABLES, at)) yield* tableChunks(db, table, key, at);
    yield { writes: campaignRows(campaigns, key), position: { campaign: key, table: LAST, after: [] } };
    campaigns.evictIdle(Number.MAX_SAFE_INTEGER);
  }
}

/** How many rows there are to move. */
export function rowsToMove(db: Database): number {
  const tables = [...STORE_TABLES, ...CAMPAIGN_TABLES].map(({ name }) => `(SELECT count(*) FROM ${name})`);
  return (db.prepare(`SELECT ${tables.join(' + ')} AS n`).get() as { n: number }).n;
}

function notYetDone(tables: readonly TableToMove[], { table }: Position): readonly TableToMove[] {
  return tables.slice(
    Math.max(
      0,
      tables.findIndex(({ name }) => name === table),
    ),
  );
}

function* keysFrom(db: Database, first: string): Generator<{ readonly key: string }> {
  const page = db.prepare('SELECT campaign_key AS key FROM campaigns WHERE campaign_key >= ? ORDER BY 1 LIMIT 500');
  const next = db.prepare('SELECT campaign_key AS key FROM campaigns WHERE campaign_key > ? ORDER BY 1 LIMIT 500');
  let keys = page.all(first) as { key: string }[];
  for (let last = keys.at(-1); last; last = keys.at(-1)) {
    yield* keys;
    keys = next.all(last.key) as { key: string }[];
  }
}

function* tableChunks(db: Database, { name, key, rowOf }: TableToMove, campaign: string, from: Position) {
  const columns = key.join(', ');
  const bound = campaign === '' ? 'true' : 'campaign_key = $campaign';
  const after = key.map((_, place) => `$after${place}`).join(', ');
  const first = db.prepare(`SELECT * FROM ${name} WHERE ${bound} ORDER BY ${columns} LIMIT ${PAGE}`);
  const next = db.prepare(
    `SELECT * FROM ${name} WHERE ${bound} AND (${columns}) > (${after}) ORDER BY ${columns} LIMIT ${PAGE}`,
  );
  const own = campaign === '' ? {} : { $campaign: campaign };
  let last: readonly Value[] | null = from.table === name ? from.after : null;
  for (;;) {
    const named = Object.fromEntries((last ?? []).map((value, place) => [`$after${place}`, value]));
    const rows = (last === null ? first.all(own) : next.all({ ...own, ...named })) as unknown as Record<
      string,
      Value
    >[];
    const end = rows.at(-1);
    if (!end) return;
    last = key.map((column) => end[column] ?? null);
    const position = { campaign, table: name, after: last };
    yield { writes: [{ table: name, rows: rows.map(rowOf) }], position };
    if (rows.length < PAGE) return;
  }
}

/** A campaign's sums as they stand, also those that are only in the log yet. */
function campaignRows(campaigns: LiveCampaigns, key: string): readonly TableRows[] {
  const live = campaigns.get(key, 0);
  if (!live) return [];
  const { workspace, campaignId, createdAt, state, rollup } = live;
  const { version, firstAt, lastAt, firstCallAt, campaign } = state;
  const own = { campaign_key: key };
  const times = { first_at: firstAt, last_at: lastAt, first_call_at: firstCallAt };
  const totals = JSON.stringify([...rollup.totals]);
  const buckets = [...rollup.minutes].map(([minute, counts]) => ({
    ...own,
    ...{ minute, version, counts: JSON.stringify([...counts]) },
  }));
  const { registered } = campaign;
  const names = { workspace, campaign_id: campaignId, created_at: createdAt };
  return [
    { table: 'buckets', rows: buckets },
    { table: 'rollups', rows: [{ ...own, version, record_version: version, ...times, totals }] },
    { table: LAST, rows: [{ ...own, ...names, registered, record: JSON.stringify(campaign) }] },
  ];
}
