import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { SERVER_NAME, shownUrl } from '../../store/postgres/connection.ts';
import { migrate } from '../../store/postgres/migrate.ts';
import { inTransaction, Session } from '../../store/postgres/session.ts';
import { isMoveUnfinished, MOVE_TABLE } from '../../store/postgres/store-move.ts';
import { CliError, counted } from '../terminal.ts';
import { BEGINNING, type Chunk, type Position, type Row, type TableRows } from './chunks.ts';
import type { MoveSource } from './source.ts';

/** How far a move into a database is. */
export interface Begun {
  readonly position: Position;
  /** Rows that are there already. */
  readonly rows: number;
}

const MOST_LOOKS = 10;
const LOOK_EVERY_MS = 200;

type Cell = string | number | boolean | null;

/** A database that a store is moved into. */
export class MoveTarget {
  readonly session: Session;
  readonly #pool: pg.Pool;
  readonly #shown: string;
  /** Types of the columns, by table. */
  readonly #types = new Map<string, ReadonlyMap<string, string>>();

  constructor(pool: pg.Pool, url: string) {
    this.#pool = pool;
    this.#shown = shownUrl(url);
    this.session = new Session(pool);
  }

  /** Begins a move, or goes on with one of the same store. */
  async begin(source: MoveSource, secretKey: Buffer): Promise<Begun> {
    await this.#refuseNodes();
    await migrate(this.#pool, secretKey, true);
    if (await isMoveUnfinished(this.session)) return this.#resume(source);
    await this.#refuseData();
    const { cursorKey, accessVersion, nonceDay } = source.facts;
    await inTransaction(this.#pool, async (session) => {
      await session.command(
        `CREATE TABLE ${MOVE_TABLE} (source text NOT NULL, state text NOT NULL, position text NOT NULL, rows bigint NOT NULL);
         DELETE FROM workspaces`,
      );
      await session.query(
        `INSERT INTO ${MOVE_TABLE} (source, state, position, rows) VALUES ($1, $2, $3, 0)`,
        ...[source.id, source.state, JSON.stringify(BEGINNING)],
      );
      await session.query("UPDATE meta SET value = $1 WHERE name = 'cursor-key'", cursorKey);
      await session.query('UPDATE access_version SET version = $1', accessVersion);
      await session.query('UPDATE nonce_day SET day = $1', nonceDay);
    });
    return { position: BEGINNING, rows: 0 };
  }

  /** Writes a chunk and how far that brings the move, both or neither. @returns how many rows that were */
  async write({ writes, position }: Chunk): Promise<number> {
    const rows = writes.reduce((sum, { rows: some }) => sum + some.length, 0);
    await inTransaction(this.#pool, async (session) => {
      // A power cut may take the last chunks together with their positions; the last step of a move waits for the disk.
      await session.command('SET LOCAL synchronous_commit = off');
      for (const write of writes) await this.#insert(session, write);
      await session.query(
        `UPDATE ${MOVE_TABLE} SET position = $1, rows = rows + $2`,
        ...[JSON.stringify(position), rows],
      );
    });
    return rows;
  }

  /** Numbers that PostgreSQL gives itself go on after those that were moved; planners learn what is there. */
  async settle(): Promise<void> {
    for (const table of ['audit', 'unassigned']) {
      await this.session.query(
        `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`,
      );
    }
    await this.session.command('ANALYZE');
  }

  /** From here on it is a store like any other. */
  async finish(): Promise<void> {
    await this.session.command(`DROP TABLE ${MOVE_TABLE}`);
  }

  async #resume(source: MoveSource): Promise<Begun> {
    const [row] = await this.session.query<{ source: string; state: string; position: string; rows: number }>(
      `SELECT source, state, position, rows FROM ${MOVE_TABLE}`,
    );
    if (row?.source !== source.id) {
      throw new CliError(`the move of another store into ${this.#shown} is not finished: name an empty database`);
    }
    if (row.state !== source.state) {
      throw new CliError(
        `the store in ${source.dataDir} has changed since its move into ${this.#shown} began: make the database anew (DROP DATABASE, CREATE DATABASE) and move again`,
      );
    }
    return { position: JSON.parse(row.position), rows: row.rows };
  }

  async #refuseNodes(): Promise<void> {
    // What PostgreSQL had for a server outlives that by a moment.
    for (let looks = 0; await this.#hasNodes(); looks += 1) {
      if (looks === MOST_LOOKS) throw new CliError(`servers use ${this.#shown}: stop them, or name an empty database`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  async #hasNodes(): Promise<boolean> {
    const [row] = await this.session.query<{ n: number }>(
      'SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
      SERVER_NAME,
    );
    return (row?.n ?? 0) > 0;
  }

  async #refuseData(): Promise<void> {
    const [row] = await this.session.query<{ campaigns: number; keys: number; notes: number }>(
      `SELECT (SELECT count(*) FROM campaigns) AS campaigns, (SELECT count(*) FROM api_keys) AS keys,
              (SELECT count(*) FROM audit) + (SELECT count(*) FROM unassigned) AS notes`,
    );
    const { campaigns, keys, notes } = row ?? { campaigns: 0, keys: 0, notes: 0 };
    if (campaigns + keys + notes === 0) return;
    const has = `${counted(campaigns, 'campaign')} and ${counted(keys, 'key')}`;
    throw new CliError(
      `${this.#shown} holds a store already (${has}): make an empty database (CREATE DATABASE …) and name that`,
    );
  }

  async #insert(session: Session, { table, rows }: TableRows): Promise<void> {
    const [first] = rows;
    if (!first) return;
    const types = await this.#typesOf(session, table);
    const columns = Object.keys(first);
    const arrays = columns.map((_, place) => `$${place + 1}::${types.get(columns[place] ?? '')}[]`);
    await session.query(
      `INSERT INTO ${table} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest(${arrays.join(', ')})`,
      ...columns.map((column) => rows.map((row) => cellOf(row, column))),
    );
  }

  async #typesOf(session: Session, table: string): Promise<ReadonlyMap<string, string>> {
    const known = this.#types.get(table);
    if (known) return known;
    const columns = await session.query<{ name: string; type: string }>(
      `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
      table,
    );
    const types = new Map(columns.map(({ name, type }) => [name, type]));
    this.#types.set(table, types);
    return types;
  }
}

/** PostgreSQL keeps no NUL in a text; SQLite does, in what was received raw. */
function cellOf(row: Row, column: string): Cell {
  const value = row[column] ?? null;
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}
