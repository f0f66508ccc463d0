import type pg from 'pg';
import { openError, openPool, SERVER_NAME, shownUrl } from '../../store/postgres/connection.ts';
import { DISTRIBUTION_COLUMN, distribute, LOCAL } from '../../store/postgres/distribution.ts';
import { migrate, newestSchema, storedSchema } from '../../store/postgres/migrate.ts';
import { inTransaction, Session } from '../../store/postgres/session.ts';
import { counted } from '../terminal.ts';

/** Rows that are there already move between machines. */
const STATEMENT_TIMEOUT_MS = 3_600_000;
const LOCK_TIMEOUT_MS = 30_000;

/** @returns what was done, for people */
export function runMigrations(url: string, isDistributed: boolean): Promise<string> {
  return withPool(url, async (pool) => {
    const before = await storedSchema(new Session(pool));
    await migrate(pool, null);
    const now = newestSchema();
    const done = before === now ? `up to date: schema ${now}` : `schema ${now}, was ${before ?? 'not there'}`;
    const lines = [`${shownUrl(url)}: ${done}`];
    // Together or not at all: campaigns whose rows are only in part elsewhere could not be read.
    if (isDistributed) lines.push(...shown(await inTransaction(pool, distribute)));
    return `${lines.join('\n')}\n`;
  });
}

function shown({ distributed, references }: Awaited<ReturnType<typeof distribute>>): string[] {
  if (distributed.length + references.length === 0) return ['every table lies where it should already'];
  return [
    `distributed by ${DISTRIBUTION_COLUMN}: ${distributed.join(', ') || 'nothing more'}`,
    `copied to every machine: ${references.join(', ') || 'nothing more'}`,
    `on the coordinator: ${Object.keys(LOCAL).join(', ')}`,
  ];
}

/** Tells whether there is something to do. */
export function checkSchema(url: string): Promise<{ readonly isCurrent: boolean; readonly says: string }> {
  return withPool(url, async (pool) => {
    const [version, known] = [await storedSchema(new Session(pool)), newestSchema()];
    const isCurrent = version === known;
    const says = isCurrent
      ? `up to date: schema ${known}`
      : version !== null && version > known
        ? `schema ${version}, this Ringside knows ${known}: upgrade Ringside`
        : `schema ${version ?? 'not there'}: ${counted(known - (version ?? 0), 'migration')} to run`;
    return { isCurrent, says: `${shownUrl(url)}: ${says}\n` };
  });
}

async function withPool<T>(url: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const timeouts = { lockTimeoutMs: LOCK_TIMEOUT_MS, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  const pool = openPool({ url, max: 1, name: `${SERVER_NAME}-migrate`, ...timeouts });
  try {
    return await work(pool);
  } catch (error) {
    throw openError(url, error);
  } finally {
    await pool.end();
  }
}
