import { driveSteps } from '../../store/access/steps.ts';
import { AccessTables } from '../../store/sqlite/access-tables.ts';
import type { Database } from '../../store/sqlite/database.ts';
import { isStoreLocked, lockStore } from '../../store/sqlite/lock.ts';
import { CliError } from '../terminal.ts';
import { checkStoredAccess } from './check-access.ts';
import { checkDatabase, checkSchema } from './check-database.ts';
import { checkDialing } from './check-dialing.ts';
import { checkClock, checkDisk } from './check-machine.ts';
import type { Examined, Patient } from './patient.ts';
import { closeDatabase } from './scratch.ts';
import { openSnapshot } from './snapshot.ts';
import { examineStore, repairStore } from './sqlite-campaigns.ts';
import type { StoreFindings } from './store-findings.ts';

/** Examines the embedded store in one snapshot of it, and repairs it where asked. */
export async function examineSqlite(patient: Patient): Promise<Examined> {
  const { dataDir } = patient.config;
  const isRunning = isStoreLocked(dataDir);
  if (patient.fix && isRunning)
    throw new CliError(`the store in ${dataDir} is in use: stop the server before you repair it`);
  const unlock = patient.fix ? lockStore(dataDir) : () => {};
  try {
    return { place: dataDir, isRunning, ...(await examine(patient)) };
  } finally {
    unlock();
  }
}

async function examine({ config, fix, progress, now }: Patient): Promise<Omit<Examined, 'place' | 'isRunning'>> {
  const { dataDir } = config;
  const db = openSnapshot(dataDir);
  if (db === null) {
    const says = `there is no store in ${dataDir}`;
    const todo = 'Set RINGSIDE_DATA to the data folder of the server, or start the server once.';
    return { checks: [{ name: 'store', status: 'failed', says, todo }], store: null, repaired: [], accounts: [] };
  }
  const campaigns = (of: Database): StoreFindings => examineStore({ dataDir, db: of, progress, now: now() });
  try {
    const checks = [...(await checkDisk(dataDir)), checkSchema(db)];
    if (checks.at(-1)?.status === 'failed') return { checks, store: null, repaired: [], accounts: [] };
    checks.push(checkClock(db, now()), ...checkDatabase(db));
    const { rows } = new AccessTables(db);
    const access = driveSteps(checkStoredAccess(config, now()), rows);
    checks.push(...access.checks, ...driveSteps(checkDialing(now()), rows));
    const store = campaigns(db);
    const broken = fix ? store.different.filter(({ isRepairable }) => isRepairable) : [];
    const { accounts } = access;
    if (broken.length === 0) return { checks, store, repaired: [], accounts };
    closeDatabase(db);
    repairStore(dataDir, broken, progress);
    const repaired = broken.map(({ campaignId }) => campaignId);
    return { checks, store: inSnapshot(dataDir, campaigns), repaired, accounts };
  } finally {
    if (db.isOpen) closeDatabase(db);
  }
}

function inSnapshot<T>(dataDir: string, work: (db: Database) => T): T {
  const db = openSnapshot(dataDir);
  if (db === null) throw new CliError(`the store in ${dataDir} went away during the repair`);
  try {
    return work(db);
  } finally {
    closeDatabase(db);
  }
}
