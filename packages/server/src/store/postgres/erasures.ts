import type { Eraser } from '@ringside/core';
import type { StoredErasure } from '../access/records.ts';
import { ErasedNumbers } from '../privacy/erased-numbers.ts';
import type { Session } from './session.ts';

type ErasureRow = Pick<StoredErasure, 'workspace' | 'token' | 'probe'> & {
  readonly seq: number;
  readonly digits: string;
};

/**
 * Numbers that were erased, as of the last look of this node. Another node may erase one at any moment, and from the
 * commit of that on nobody may store it. So whoever writes looks at the number of the last erasure *inside* its
 * transaction and *after* its lock, and reads what is new:
 *
 * - A writer that has the lock of a campaign and saw no erasure is waited for by the rewriting of that campaign, which
 *   takes the same lock and only then looks for rows. One that gets the lock later sees the erasure.
 * - A writer that makes a campaign, or fills the bin of callbacks, has no lock that a rewriting could wait for. It holds
 *   erasures of its workspace back ({@link holdErasures}) before it looks, and who erases waits for it
 *   ({@link awaitHolders}), so that the rewriting finds that campaign in its list, and that callback in the bin.
 */
export class ErasureWatch {
  readonly numbers: ErasedNumbers;
  readonly #last = new Map<string, number>();

  constructor(secretKey: Uint8Array) {
    this.numbers = new ErasedNumbers(secretKey);
  }

  /** @param last number of the workspace's last erasure as the session sees it, `null` when there is none */
  async of(session: Session, workspace: string, last: number | null): Promise<Eraser | null> {
    if (last === null) return null;
    const known = this.#last.get(workspace) ?? 0;
    if (known < last) {
      const rows = await session.query<ErasureRow>(
        'SELECT workspace, token, seq, digits, probe FROM erasures WHERE workspace = $1 AND seq > $2 ORDER BY seq',
        ...[workspace, known],
      );
      for (const row of rows) {
        if (this.numbers.isOwn(row)) this.numbers.keep({ ...row, digits: JSON.parse(row.digits) });
      }
      this.#last.set(workspace, Math.max(this.#last.get(workspace) ?? 0, rows.at(-1)?.seq ?? known));
    }
    return this.numbers.of(workspace);
  }

  /** The same, with a look of its own. */
  async current(session: Session, workspace: string): Promise<Eraser | null> {
    return this.of(session, workspace, await lastErasure(session, workspace));
  }
}

/** Number of a workspace's last erasure, `null` when there is none. */
export async function lastErasure(session: Session, workspace: string): Promise<number | null> {
  return (await session.row<{ last: number | null }>('erasures-last', workspace))?.last ?? null;
}

/** Lets nobody erase a number of the workspace until this transaction has ended. */
export async function holdErasures(session: Session, workspace: string): Promise<void> {
  await session.query('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', `erasures ${workspace}`);
}

/** Waits until every transaction has ended that holds erasures of the workspace back, and holds up further ones. */
export async function awaitHolders(session: Session, workspace: string): Promise<void> {
  await session.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', `erasures ${workspace}`);
}
