import { existsSync } from 'node:fs';
import type pg from 'pg';
import { driveStepsLater } from '../../store/access/steps.ts';
import { openError, openPool, SERVER_NAME, shownUrl } from '../../store/postgres/connection.ts';
import { Session } from '../../store/postgres/session.ts';
import { checkStoredAccess } from './check-access.ts';
import { checkDialing } from './check-dialing.ts';
import { checkDisk } from './check-machine.ts';
import { checkPostgres, checkPostgresClock, checkPostgresSchema } from './check-postgres.ts';
import type { Examined, Patient } from './patient.ts';
import { examinePostgresStore, repairPostgresStore } from './postgres-campaigns.ts';

/** A campaign of millions of calls is built again in one transaction. */
const STATEMENT_TIMEOUT_MS = 3_600_000;
const LOCK_TIMEOUT_MS = 30_000;

/** Examines a store in PostgreSQL while nodes go on writing, and repairs it where asked. */
export async function examinePostgres(patient: Patient): Promise<Examined> {
  const { databaseUrl: url } = patient.config;
  const timeouts = { lockTimeoutMs: LOCK_TIMEOUT_MS, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  const pool = openPool({ url, max: 2, name: `${SERVER_NAME}-doctor`, ...timeouts });
  try {
    return { place: shownUrl(url), ...(await examine(patient, pool)) };
  } catch (error) {
    throw openError(url, error);
  } finally {
    await pool.end();
  }
}

async function examine(patient: Patient, pool: pg.Pool): Promise<Omit<Examined, 'place'>> {
  const { config, fix, progress, now } = patient;
  const { dataDir } = config;
  const session = new Session(pool);
  const isRunning = await hasNodes(session);
  // Callbacks wait there while PostgreSQL is away; a machine that only looks has no such folder.
  const disk = existsSync(dataDir) ? await checkDisk(dataDir, false) : [];
  const checks = [...disk, ...(await checkPostgres(session)), await checkPostgresSchema(session)];
  if (checks.at(-1)?.status === 'failed') return { isRunning, checks, store: null, repaired: [], accounts: [] };
  checks.push(await checkPostgresClock(session, now));
  const access = await driveStepsLater(checkStoredAccess(config, now()), session.step);
  checks.push(...access.checks, ...(await driveStepsLater(checkDialing(now()), session.step)));
  const { accounts } = access;
  const examination = { pool, dataDir, progress, now: now() };
  const store = await examinePostgresStore(examination);
  const broken = fix ? store.different.filter(({ isRepairable }) => isRepairable) : [];
  if (broken.length === 0) return { isRunning, checks, store, repaired: [], accounts };
  await repairPostgresStore(examination, broken);
  const repaired = broken.map(({ campaignId }) => campaignId);
  return { isRunning, checks, store: await examinePostgresStore(examination), repaired, accounts };
}

async function hasNodes(session: Session): Promise<boolean> {
  const sql = `SELECT EXISTS (SELECT FROM pg_stat_activity
                              WHERE datname = current_database() AND application_name = $1) AS has`;
  const [row] = await session.query<{ has: boolean }>(sql, SERVER_NAME);
  return row?.has ?? false;
}
