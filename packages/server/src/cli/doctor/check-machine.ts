import { rmSync, statSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, databasePath } from '../../store/sqlite/database.ts';
import { duration } from '../progress.ts';
import { sized } from '../terminal.ts';
import { type Check, worst } from './check.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const FREE_WARNING = 2 * GIB;
const FREE_FAILED = 200 * MIB;
const WAL_WARNING = 512 * MIB;
const CLOCK_TOLERANCE_MS = 5_000;
/** Deliveries that came last; the newest receipt is among them. */
const LAST_DELIVERIES = 1_000;

/**
 * Space, permission, and a write-ahead log that does not grow without end.
 * @param hasStore false where the folder is only what callbacks wait in while PostgreSQL is away
 */
export async function checkDisk(dataDir: string, hasStore = true): Promise<readonly Check[]> {
  const name = 'disk';
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const wal = statSync(`${databasePath(dataDir)}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const space = hasStore ? `${sized(free)} free, write-ahead log ${sized(wal)}` : `${sized(free)} free`;
  const unwritable = writeError(dataDir);
  const checks: Check[] = [];
  if (unwritable !== null) {
    const todo = 'Give the user that runs the server the right to write there.';
    checks.push({ name, status: 'failed', says: `${dataDir} cannot be written: ${unwritable}`, todo });
  }
  if (free < FREE_WARNING) {
    const todo = 'Make room: a million calls take about 5 GB. A full disk refuses callbacks.';
    checks.push({ name, status: free < FREE_FAILED ? 'failed' : 'warning', says: space, todo });
  }
  if (wal > WAL_WARNING) {
    const todo = 'Something has been reading the store for long; end it, or restart the server.';
    checks.push({ name, status: 'warning', says: space, todo });
  }
  return worst(name, checks, space);
}

function writeError(dataDir: string): string | null {
  const probe = join(dataDir, `ringside-doctor-${process.pid}.tmp`);
  try {
    writeFileSync(probe, '');
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** The clock must not lie before what is stored. How far it is from true time cannot be seen without a network. */
export function checkClock(db: Database, now: number): Check {
  const sql = `SELECT coalesce(max(received_at), 0) AS latest
               FROM (SELECT received_at FROM call_events ORDER BY id DESC LIMIT ${LAST_DELIVERIES})`;
  const { latest } = db.prepare(sql).get() as { latest: number };
  const behind = latest - now;
  if (behind > CLOCK_TOLERANCE_MS) {
    return {
      name: 'clock',
      status: 'failed',
      says: `the clock is ${duration(behind / 1000)} behind the latest delivery in the store`,
      todo: 'Set the clock, and let NTP keep it: times of live calls are told by it.',
    };
  }
  return {
    name: 'clock',
    status: 'ok',
    says: 'not behind the store; whether it is true cannot be seen from here (see timedatectl)',
  };
}
