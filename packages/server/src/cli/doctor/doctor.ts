import type { Config } from '../../config/options.ts';
import type { Database } from '../../store/sqlite/database.ts';
import { isStoreLocked, lockStore } from '../../store/sqlite/lock.ts';
import { Progress } from '../progress.ts';
import { CliError, counted, grouped, type Terminal } from '../terminal.ts';
import type { Check } from './check.ts';
import { checkHostLogins, checkStoredAccess, type OpenAccount } from './check-access.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkDatabase, checkSchema } from './check-database.ts';
import { checkClock, checkDisk } from './check-machine.ts';
import { checkSignature } from './check-signature.ts';
import { examineStore, repairStore, type StoreFindings } from './examine-store.ts';
import type { Findings } from './findings.ts';
import { closeDatabase, openSnapshot } from './snapshot.ts';

export interface DoctorOptions {
  readonly fix: boolean;
  /** An API key, for what only the running server knows. */
  readonly key: string | null;
}

/** Everything the doctor has to say. */
export interface Diagnosis {
  readonly dataDir: string;
  /** True when nothing failed. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** `null` where the store could not be examined. */
  readonly store: StoreFindings | null;
  /** Campaigns that were built again. */
  readonly repaired: readonly string[];
}

/** Looks at everything that can be looked at, and repairs where asked. */
export async function diagnose(
  config: Config,
  options: DoctorOptions,
  terminal: Terminal,
  now: () => number,
): Promise<Diagnosis> {
  const { dataDir, databaseUrl } = config;
  if (databaseUrl !== '') {
    throw new CliError(
      'doctor can examine the embedded store only: it does not look into the PostgreSQL of DATABASE_URL yet',
    );
  }
  const isRunning = isStoreLocked(dataDir);
  if (options.fix && isRunning)
    throw new CliError(`the store in ${dataDir} is in use: stop the server before you repair it`);
  const unlock = options.fix ? lockStore(dataDir) : () => {};
  try {
    const progress = new Progress(terminal, now);
    const { accounts, ...examined } = await examine(config, options, { progress, now });
    const key = options.key ?? (config.adminKey || null);
    const checks = [
      ...checkConfiguration(config, accounts.length),
      ...(await checkHostLogins(config)),
      ...examined.checks,
      ...(await checkSignature({ config, accounts, isRunning, key })),
    ];
    return { dataDir, ...examined, checks, ok: checks.every(({ status }) => status !== 'failed') };
  } finally {
    unlock();
  }
}

interface Surroundings {
  readonly progress: Progress;
  readonly now: () => number;
}

interface Examined extends Pick<Diagnosis, 'checks' | 'store' | 'repaired'> {
  readonly accounts: readonly OpenAccount[];
}

async function examine(config: Config, { fix }: DoctorOptions, around: Surroundings): Promise<Examined> {
  const { dataDir } = config;
  const db = openSnapshot(dataDir);
  if (db === null) {
    const says = `there is no store in ${dataDir}`;
    const todo = 'Set RINGSIDE_DATA to the data folder of the server, or start the server once.';
    return { checks: [{ name: 'store', status: 'failed', says, todo }], store: null, repaired: [], accounts: [] };
  }
  const checks: Check[] = [];
  let store: StoreFindings | null = null;
  let accounts: readonly OpenAccount[] = [];
  try {
    checks.push(...(await checkDisk(dataDir)));
    const schema = checkSchema(db);
    checks.push(schema);
    if (schema.status === 'failed') return { checks, store, repaired: [], accounts };
    checks.push(checkClock(db, around.now()), ...checkDatabase(db));
    const access = checkStoredAccess(db, config, around.now());
    checks.push(...access.checks);
    accounts = access.accounts;
    store = examineSnapshot(dataDir, db, around);
  } finally {
    closeDatabase(db);
  }
  const broken = store.different.filter(({ isRepairable }) => isRepairable);
  if (!fix || broken.length === 0)
    return { checks: [...checks, campaignsCheck(store, [])], store, repaired: [], accounts };
  const repaired = broken.map(({ campaignId }) => campaignId);
  store = repairAndVerify(dataDir, broken, around);
  return { checks: [...checks, campaignsCheck(store, repaired)], store, repaired, accounts };
}

function repairAndVerify(dataDir: string, broken: readonly Findings[], around: Surroundings): StoreFindings {
  repairStore(dataDir, broken, around.progress);
  const db = openSnapshot(dataDir);
  if (db === null) throw new CliError(`the store in ${dataDir} went away during the repair`);
  try {
    return examineSnapshot(dataDir, db, around);
  } finally {
    closeDatabase(db);
  }
}

function examineSnapshot(dataDir: string, db: Database, { progress, now }: Surroundings): StoreFindings {
  return examineStore({ dataDir, db, progress, now: now() });
}

function campaignsCheck(store: StoreFindings, repaired: readonly string[]): Check {
  const { campaigns, calls, deliveries, busy, different } = store;
  const name = 'campaigns';
  const mended = repaired.length > 0 ? `${grouped(repaired.length)} repaired; ` : '';
  if (different.length > 0) {
    const todo = different.some(({ isRepairable }) => isRepairable)
      ? 'Stop the server and run: ringside doctor --fix'
      : 'Deliveries are missing or unreadable, so there is nothing to repair from: restore a backup.';
    const says = `${mended}${grouped(different.length)} of ${grouped(campaigns)} differ from their stored deliveries`;
    return { name, status: 'failed', says, todo };
  }
  const all = `${counted(campaigns, 'campaign')} with ${counted(calls, 'call')}`;
  const says = `${mended}${all}: equal to what ${grouped(deliveries)} stored deliveries say`;
  if (busy.length === 0) return { name, status: 'ok', says };
  const todo = 'They follow once the running server is done with it.';
  return { name, status: 'warning', says: `${says}; ${grouped(busy.length)} left out while rewritten`, todo };
}
