import type pg from 'pg';
import { driveStepsLater } from '../access/steps.ts';
import { type AccessWorkName, accessSteps } from '../access/work.ts';
import { inTransaction, type Session, tryAgain } from './session.ts';

/** Work that changes nothing: it needs no transaction. */
const READS: ReadonlySet<AccessWorkName> = new Set([
  'accessVersion',
  'auditEntries',
  'workspaces',
  'workspace',
  'hasKeys',
  'keys',
  'grantOfKey',
  'grantOfSession',
  'grantOf',
  'accounts',
  'shareLinks',
  'shareLink',
  'erasures',
  'controlWebhook',
]);

/** Any number that nobody else locks by. */
const CHANGE_LOCK = 7_274_511_024;

/**
 * The small tables of access and administration. Changes are made one after the other, as if there were one node: a
 * ticket opens one connection, and two administrators cannot take each other's key away at once.
 */
export class AccessTables {
  readonly #writes: pg.Pool;
  readonly #reads: Session;

  constructor(writes: pg.Pool, reads: Session) {
    this.#writes = writes;
    this.#reads = reads;
  }

  async run(name: AccessWorkName, args: readonly unknown[]): Promise<unknown> {
    if (READS.has(name)) return tryAgain(() => driveStepsLater(accessSteps(name, args), this.#reads.step));
    // Anybody may send what is no ticket: for that no writer's connection is taken, and nobody waits in line.
    if (name === 'takeTicket' && !(await this.#hasSession(String(args[0])))) return null;
    return tryAgain(() =>
      inTransaction(this.#writes, async (session) => {
        await session.query('SELECT pg_advisory_xact_lock($1)', CHANGE_LOCK);
        return driveStepsLater(accessSteps(name, args), session.step);
      }),
    );
  }
  async #hasSession(hash: string): Promise<boolean> {
    const found = await tryAgain(() => this.#reads.query('SELECT FROM sessions WHERE session_hash = $1', hash));
    return found.length > 0;
  }
}
