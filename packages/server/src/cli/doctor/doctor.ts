import type { Config } from '../../config/options.ts';
import { Progress } from '../progress.ts';
import { counted, grouped, type Terminal } from '../terminal.ts';
import type { Check } from './check.ts';
import { checkHostLogins } from './check-access.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkSignature } from './check-signature.ts';
import type { Examined, Patient } from './patient.ts';
import { examineSqlite } from './sqlite-doctor.ts';
import type { StoreFindings } from './store-findings.ts';

export interface DoctorOptions {
  readonly fix: boolean;
  /** An API key, for what only the running server knows. */
  readonly key: string | null;
}

/** Everything the doctor has to say. */
export interface Diagnosis {
  /** Where the store is: a data folder, or a database. */
  readonly place: string;
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
  const patient = { config, fix: options.fix, progress: new Progress(terminal, now), now };
  const { accounts, isRunning, ...examined } = await examineStoreOf(patient);
  const { store, repaired } = examined;
  const key = options.key ?? (config.adminKey || null);
  const checks = [
    ...checkConfiguration(config, accounts.length),
    ...(await checkHostLogins(config)),
    ...examined.checks,
    ...(store ? [campaignsCheck(store, repaired, databaseUrl === '')] : []),
    ...(await checkSignature({ config, accounts, isRunning, key })),
  ];
  return { dataDir, ...examined, checks, ok: checks.every(({ status }) => status !== 'failed') };
}

/** PostgreSQL's driver is loaded only where it is used. */
async function examineStoreOf(patient: Patient): Promise<Examined> {
  if (patient.config.databaseUrl === '') return examineSqlite(patient);
  const { examinePostgres } = await import('./postgres-doctor.ts');
  return examinePostgres(patient);
}

/** @param stopsToRepair the server must be stopped for a repair */
function campaignsCheck(store: StoreFindings, repaired: readonly string[], stopsToRepair: boolean): Check {
  const { campaigns, calls, deliveries, busy, different } = store;
  const name = 'campaigns';
  const mended = repaired.length > 0 ? `${grouped(repaired.length)} repaired; ` : '';
  if (different.length > 0) {
    const todo = different.some(({ isRepairable }) => isRepairable)
      ? `${stopsToRepair ? 'Stop the server and run' : 'Run'}: ringside doctor --fix`
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
