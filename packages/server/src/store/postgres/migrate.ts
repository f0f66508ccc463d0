import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { probeOf } from '../../access/secret-box.ts';
import { type Migration, sqlFiles } from '../sql-files.ts';
import { StoreOpenError } from '../store.ts';
import { inTransaction, Session } from './session.ts';
import { refuseUnfinishedMove } from './store-move.ts';

/** PostgreSQL 14: the oldest that is still looked after by its makers. */
const OLDEST_SERVER = 140_000;
/** Nodes that start together migrate one after the other. Any number that nobody else locks by. */
const MIGRATION_LOCK = 7_274_511_023;

/** What every node of a store has in common. */
export interface StoreFacts {
  /** Names this life of the store. */
  readonly epoch: string;
  /** Cursors of lists are sealed with this. */
  readonly cursorKey: string;
}

/**
 * Brings the schema up to date, as one node after the other.
 * @param secretKey by which the store is known again: every node must have the same; `null` for who needs none
 * @param isMove whether another store is being moved into it: nobody else may use it until that is done
 * @throws StoreOpenError for a server that is too old, a store that a newer Ringside wrote, and another secret key
 */
export async function migrate(pool: pg.Pool, secretKey: Uint8Array | null, isMove = false): Promise<StoreFacts> {
  await checkServer(new Session(pool));
  return inTransaction(pool, async (session) => {
    await session.command('SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0');
    await session.query('SELECT pg_advisory_xact_lock($1)', MIGRATION_LOCK);
    const current = await schemaVersion(session);
    for (const text of newer(sqlFiles('postgres').migrations(), current)) await session.command(text);
    if (!isMove) await refuseUnfinishedMove(session);
    return facts(session, secretKey && probeOf(secretKey));
  });
}

async function checkServer(session: Session): Promise<void> {
  const [row] = await session.query<{ server_version: string }>('SHOW server_version');
  const [num] = await session.query<{ server_version_num: string }>('SHOW server_version_num');
  checkServerVersion(Number(num?.server_version_num), row?.server_version ?? '');
}

/** @param version as PostgreSQL numbers it: 180004 is 18.4 */
export function checkServerVersion(version: number, shown: string): void {
  if (version >= OLDEST_SERVER) return;
  throw new StoreOpenError(`PostgreSQL ${shown} is too old: Ringside needs ${OLDEST_SERVER / 10_000} or newer`);
}

/**
 * Texts that a store lacks. Which version it has, and what one must know to use it, is noted with them, in the same
 * transaction. During a rolling upgrade older nodes go on, and start again, as long as they know the floor.
 */
function newer(known: readonly Migration[], { version: current, floor }: Schema): readonly string[] {
  const newest = newestSchema();
  if (floor > newest) {
    throw new StoreOpenError(
      `the store was written by a newer Ringside (schema ${current}, this one knows ${newest}): upgrade Ringside`,
    );
  }
  return known
    .filter(({ version }) => version > current)
    .map(
      ({ version, text, floor: needs }) =>
        `${text}; UPDATE schema_version SET version = ${version}, floor = greatest(floor, ${needs});`,
    );
}

interface Schema {
  readonly version: number;
  readonly floor: number;
}

async function schemaVersion(session: Session): Promise<Schema> {
  if ((await storedSchema(session)) === null) {
    await session.command(
      `CREATE TABLE schema_version (version integer NOT NULL, floor integer NOT NULL);
       INSERT INTO schema_version (version, floor) VALUES (0, 0)`,
    );
  }
  const [row] = await session.query<Schema>('SELECT version, floor FROM schema_version');
  return row ?? { version: 0, floor: 0 };
}

/** The schema version of a store, `null` where there is none. */
export async function storedSchema(session: Session): Promise<number | null> {
  const [found] = await session.query<{ known: boolean }>("SELECT to_regclass('schema_version') IS NOT NULL AS known");
  if (!found?.known) return null;
  const [row] = await session.query<{ version: number }>('SELECT version FROM schema_version');
  return row?.version ?? 0;
}

/** The schema version that this Ringside brings a store to. */
export function newestSchema(): number {
  return sqlFiles('postgres').migrations().at(-1)?.version ?? 0;
}

async function facts(session: Session, probe: string | null): Promise<StoreFacts> {
  await session.query(
    `INSERT INTO meta (name, value)
     SELECT name, value FROM (VALUES ('epoch', $1), ('cursor-key', $2), ('secret-key', $3)) AS first (name, value)
     WHERE value IS NOT NULL
     ON CONFLICT (name) DO NOTHING`,
    randomBytes(4).toString('hex'),
    randomBytes(32).toString('hex'),
    probe,
  );
  const rows = await session.query<{ name: string; value: string }>('SELECT name, value FROM meta');
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  // With different keys one node could not read the tokens that another seals, nor know its erased numbers.
  if (probe !== null && values.get('secret-key') !== probe) {
    throw new StoreOpenError(
      'this store was made with another RINGSIDE_SECRET_KEY: set the same on every node; if it is lost, see "The secret key" in docs/operations.md',
    );
  }
  return { epoch: values.get('epoch') ?? '', cursorKey: values.get('cursor-key') ?? '' };
}
