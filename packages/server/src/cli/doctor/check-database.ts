import type { Database } from '../../store/sqlite/database.ts';
import { migrations } from '../../store/sqlite/sql.ts';
import { type Check, worst } from './check.ts';

const FULL = 2;

/** The schema must be the one that this Ringside reads, else nothing more can be looked at. */
export function checkSchema(db: Database): Check {
  const known = migrations().at(-1)?.version ?? 0;
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version === known) return { name: 'schema', status: 'ok', says: `version ${version}` };
  const todo =
    version > known
      ? 'A newer Ringside wrote the store: upgrade this one.'
      : 'Start the server once: it brings the store up to date.';
  return { name: 'schema', status: 'failed', says: `version ${version}, this Ringside knows ${known}`, todo };
}

/** The file itself, and how it is written. */
export function checkDatabase(db: Database): readonly Check[] {
  const name = 'database';
  const checks: Check[] = [];
  const faults = (db.prepare('PRAGMA quick_check(10)').all() as { quick_check: string }[])
    .map(({ quick_check }) => quick_check)
    .filter((line) => line !== 'ok');
  if (faults.length > 0) {
    const todo = 'The file is damaged: stop the server and restore a backup. Look at the disk.';
    checks.push({ name, status: 'failed', says: faults.join('; '), todo });
  }
  const { journal_mode: mode } = db.prepare('PRAGMA journal_mode').get() as { journal_mode: string };
  const { synchronous } = db.prepare('PRAGMA synchronous').get() as { synchronous: number };
  if (mode !== 'wal' || synchronous !== FULL) {
    const todo = 'Start the server once: it sets both.';
    checks.push({ name, status: 'failed', says: `journal ${mode}, synchronous ${synchronous}`, todo });
  }
  return worst(name, checks, 'quick_check found nothing; journal WAL, synchronous FULL');
}
