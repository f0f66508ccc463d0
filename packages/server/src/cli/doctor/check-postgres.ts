import { newestSchema, storedSchema } from '../../store/postgres/migrate.ts';
import type { Session } from '../../store/postgres/session.ts';
import { isMoveUnfinished } from '../../store/postgres/store-move.ts';
import { duration } from '../progress.ts';
import { type Check, worst } from './check.ts';

const OLDEST_SERVER = 140_000;
const CLOCK_TOLERANCE_MS = 5_000;

/** The schema must be the one that this Ringside reads, else nothing more can be looked at. */
export async function checkPostgresSchema(session: Session): Promise<Check> {
  const name = 'schema';
  const [version, known] = [await storedSchema(session), newestSchema()];
  if (await isMoveUnfinished(session)) {
    const todo = 'Run ringside migrate-store again: it goes on where it stopped.';
    return { name, status: 'failed', says: 'the move of a store into this database is not finished', todo };
  }
  if (version === known) return { name, status: 'ok', says: `version ${version}` };
  if (version === null) {
    const todo = 'See that DATABASE_URL names the right database, or run: ringside migrate';
    return { name, status: 'failed', says: 'there is no store in this database', todo };
  }
  const todo =
    version > known
      ? 'A newer Ringside wrote the store: upgrade this one.'
      : 'Run: ringside migrate (or start a server once): it brings the store up to date.';
  return { name, status: 'failed', says: `version ${version}, this Ringside knows ${known}`, todo };
}

interface Setting {
  readonly name: string;
  /** What a new connection gets. */
  readonly value: string;
}

/** What a setting must be, and what is lost where it is not. */
const RULES: Readonly<Record<string, { status: Check['status']; isGood: (value: string) => boolean; todo: string }>> = {
  fsync: {
    status: 'failed',
    isGood: (value) => value === 'on',
    todo: 'Set fsync = on: without it a power cut can destroy the whole database.',
  },
  full_page_writes: {
    status: 'failed',
    isGood: (value) => value === 'on',
    todo: 'Set full_page_writes = on: without it a power cut can leave pages that are half written.',
  },
  synchronous_commit: {
    status: 'warning',
    isGood: (value) => value !== 'off',
    todo: 'Set synchronous_commit = on: Ringside does so for its own connections, no other program does.',
  },
  autovacuum: {
    status: 'failed',
    isGood: (value) => value === 'on',
    todo: 'Set autovacuum = on: without it the tables grow for ever, and in the end the database stops.',
  },
  server_encoding: {
    status: 'failed',
    isGood: (value) => value === 'UTF8',
    todo: "Make the database again with ENCODING 'UTF8': names and texts cannot be kept in another.",
  },
};

/** PostgreSQL itself: its version, how safely it writes, and whether its indexes can be used. */
export async function checkPostgres(session: Session): Promise<readonly Check[]> {
  const name = 'database';
  const settings = await session.query<Setting>(
    'SELECT name, coalesce(reset_val, setting) AS value FROM pg_settings WHERE name = ANY ($1::text[])',
    [...Object.keys(RULES), 'server_version', 'server_version_num'],
  );
  const values = new Map(settings.map((setting) => [setting.name, setting.value]));
  const checks: Check[] = [];
  const version = values.get('server_version') ?? 'of unknown version';
  if (Number(values.get('server_version_num')) < OLDEST_SERVER)
    checks.push({ name, status: 'failed', says: `PostgreSQL ${version}`, todo: 'Upgrade it to 14 or newer.' });
  for (const [setting, { status, isGood, todo }] of Object.entries(RULES)) {
    const value = values.get(setting) ?? 'unknown';
    if (!isGood(value)) checks.push({ name, status, says: `${setting} is ${value}`, todo });
  }
  checks.push(...(await checkTables(session)));
  const fine = `PostgreSQL ${version}, UTF8; fsync, full_page_writes, synchronous_commit and autovacuum are on; every index is valid`;
  return worst(name, checks, fine);
}

async function checkTables(session: Session): Promise<readonly Check[]> {
  const name = 'database';
  const invalid = await session.query<{ name: string }>(
    `SELECT indexrelid::regclass::text AS name
     FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
     WHERE relnamespace = current_schema()::regnamespace AND NOT (indisvalid AND indisready) ORDER BY 1`,
  );
  const unvacuumed = await session.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
       AND reloptions && ARRAY['autovacuum_enabled=false', 'autovacuum_enabled=off'] ORDER BY 1`,
  );
  return [
    ...invalid.map((index) => ({
      name,
      status: 'failed' as const,
      says: `index ${index.name} is not valid`,
      todo: `Run: REINDEX INDEX ${index.name}`,
    })),
    ...unvacuumed.map((table) => ({
      name,
      status: 'warning' as const,
      says: `autovacuum is turned off for ${table.name}`,
      todo: `Run: ALTER TABLE ${table.name} RESET (autovacuum_enabled)`,
    })),
  ];
}

/** This machine, PostgreSQL and what is stored must agree what time it is: leases and live calls are told by it. */
export async function checkPostgresClock(session: Session, now: () => number): Promise<Check> {
  const name = 'clock';
  const before = now();
  const [row] = await session.query<{ at: number; latest: number }>(
    `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at,
            (SELECT coalesce(max(last_at), 0) FROM rollups) AS latest`,
  );
  const after = now();
  const { at, latest } = row ?? { at: after, latest: 0 };
  const off = at < before ? before - at : at > after ? at - after : 0;
  const todo = 'Let NTP keep both clocks: times of live calls are told by them.';
  if (latest - after > CLOCK_TOLERANCE_MS) {
    const says = `the clock is ${duration((latest - after) / 1000)} behind the latest event in the store`;
    return { name, status: 'failed', says, todo };
  }
  if (off > CLOCK_TOLERANCE_MS) {
    const says = `the clocks of this machine and of PostgreSQL are ${duration(off / 1000)} apart`;
    return { name, status: 'warning', says, todo };
  }
  return { name, status: 'ok', says: 'not behind the store, and as PostgreSQL’s; see timedatectl whether it is true' };
}
