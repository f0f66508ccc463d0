import { secretKeyOf } from '../../access/secret-box.ts';
import type { Config } from '../../config/options.ts';
import { driveSteps } from '../../store/access/steps.ts';
import { openError, openPool, SERVER_NAME, shownUrl } from '../../store/postgres/connection.ts';
import { AccessTables } from '../../store/sqlite/access-tables.ts';
import type { CliContext } from '../context.ts';
import { checkStoredAccess } from '../doctor/check-access.ts';
import type { StoreFindings } from '../doctor/store-findings.ts';
import { duration, Progress } from '../progress.ts';
import { CliError, counted } from '../terminal.ts';
import { copyStore } from './copy-store.ts';
import type { MoveSource } from './source.ts';
import { MoveTarget } from './target.ts';
import { verifyMove } from './verify.ts';

/** A chunk of many long rows, and the doctor's look at many. */
const STATEMENT_TIMEOUT_MS = 3_600_000;
const LOCK_TIMEOUT_MS = 30_000;

export interface MoveOptions {
  readonly config: Config;
  /** Only compares what was moved before. */
  readonly verifyOnly: boolean;
}

/** Moves an embedded store into the database of the settings, and compares the two. */
export async function runMove(
  source: MoveSource,
  { config, verifyOnly }: MoveOptions,
  { terminal, now }: Pick<CliContext, 'terminal' | 'now'>,
): Promise<void> {
  const begun = now();
  refuseWrongKey(source, config, begun);
  const { databaseUrl: url } = config;
  const timeouts = { lockTimeoutMs: LOCK_TIMEOUT_MS, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  const pool = openPool({ url, max: 2, name: `${SERVER_NAME}-move`, ...timeouts });
  const progress = new Progress(terminal, now);
  try {
    const target = new MoveTarget(pool, url);
    if (!verifyOnly) await copyStore(source, target, progress, secretKeyOf(config.secretKey, source.dataDir));
    const found = await verifyMove({ pool, source, progress, now: now() });
    if (!verifyOnly) await target.finish();
    terminal.out(summary(verifyOnly ? 'Compared' : 'Moved', found, (now() - begun) / 1000));
    if (!verifyOnly) terminal.err(whatNext(source, config));
  } catch (error) {
    throw error instanceof CliError ? error : openError(url, error);
  } finally {
    progress.clear();
    await pool.end();
  }
}

/** Tokens stay sealed as they are, and erased numbers are known again by the same key: it must come along. */
function refuseWrongKey({ db, dataDir }: MoveSource, config: Config, now: number): void {
  const { checks } = driveSteps(checkStoredAccess({ ...config, dataDir }, now), new AccessTables(db).rows);
  const wrong = checks.find(({ name, status }) => name === 'secret key' && status === 'failed');
  if (wrong) throw new CliError(`${wrong.says}. ${wrong.todo}`);
}

function summary(done: string, { campaigns, calls, deliveries, busy }: StoreFindings, seconds: number): string {
  const all = [counted(campaigns + busy.length, 'campaign'), counted(calls, 'call'), counted(deliveries, 'event')];
  const left = busy.length > 0 ? ` (but for ${counted(busy.length, 'campaign')} whose calls are being rewritten)` : '';
  return `${done} ${all.join(', ')} in ${duration(seconds)}: verified${left}.\n`;
}

function whatNext({ dataDir }: MoveSource, { secretKey, databaseUrl }: Config): string {
  const key = secretKey === null ? `the content of ${dataDir}/secret.key` : 'the one that is set now';
  return [
    `Start every server with DATABASE_URL=${shownUrl(databaseUrl)} (and its password) and RINGSIDE_SECRET_KEY: ${key}.`,
    'Keys, share links and provider accounts are as they were; people sign in again. The old store is unchanged.\n',
  ].join('\n');
}
