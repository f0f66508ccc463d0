import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Database, databasePath } from '../../store/sqlite/database.ts';
import { isStoreLocked, lockStore } from '../../store/sqlite/lock.ts';
import { checkSchema } from '../doctor/check-database.ts';
import { closeDatabase } from '../doctor/scratch.ts';
import { openSnapshot } from '../doctor/snapshot.ts';
import { CliError } from '../terminal.ts';

/** The embedded store that is moved. Nothing of it is changed. */
export interface MoveSource {
  readonly dataDir: string;
  readonly db: Database;
  /** Tells stores apart. */
  readonly id: string;
  /** Tells the states of one store apart. */
  readonly state: string;
  readonly facts: SourceFacts;
  close(): void;
}

/** What a store has one of. */
export interface SourceFacts {
  readonly cursorKey: string;
  readonly accessVersion: number;
  readonly nonceDay: number;
}

/** Opens a store that nobody uses, and keeps others from it. */
export function openSource(dataDir: string): MoveSource {
  if (!existsSync(databasePath(dataDir))) {
    throw new CliError(`there is no store in ${dataDir}: name its data folder with --from or RINGSIDE_DATA`);
  }
  if (isStoreLocked(dataDir)) {
    throw new CliError(`the store in ${dataDir} is in use: stop the server before you move it`);
  }
  const unlock = lockStore(dataDir);
  try {
    const db = openSnapshot(dataDir);
    if (db === null) throw new CliError(`there is no store in ${dataDir}`);
    const schema = checkSchema(db);
    if (schema.status === 'failed') throw new CliError(`the store in ${dataDir} has ${schema.says}: ${schema.todo}`);
    const facts = factsOf(db);
    const close = (): void => {
      closeDatabase(db);
      unlock();
    };
    const id = createHash('sha256').update(facts.cursorKey).digest('base64url').slice(0, 16);
    return { dataDir, db, id, state: stateOf(db), facts, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

function factsOf(db: Database): SourceFacts {
  return db
    .prepare(
      `SELECT (SELECT value FROM meta WHERE name = 'cursor-key') AS cursorKey,
              (SELECT version FROM access_version) AS accessVersion, (SELECT day FROM nonce_day) AS nonceDay`,
    )
    .get() as unknown as SourceFacts;
}

/** Changes with everything that is written to a store but nonces and the times at which keys were used. */
function stateOf(db: Database): string {
  const row = db
    .prepare(
      `SELECT (SELECT coalesce(max(id), 0) FROM call_events) AS events,
              (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'rollup_log') AS commits,
              (SELECT coalesce(max(id), 0) FROM audit) AS audit,
              (SELECT coalesce(max(id), 0) FROM unassigned) AS unassigned`,
    )
    .get() as Record<string, number>;
  return Object.values(row).join('.');
}
