import { StoreOpenError } from '../store.ts';
import type { Session } from './session.ts';

/** The table that is there while another store is moved into this one: what has come so far is no whole store. */
export const MOVE_TABLE = 'store_move';

export async function isMoveUnfinished(session: Session): Promise<boolean> {
  const [row] = await session.query<{ has: boolean }>('SELECT to_regclass($1) IS NOT NULL AS has', MOVE_TABLE);
  return row?.has ?? false;
}

/** @throws StoreOpenError while a move into the store is not finished */
export async function refuseUnfinishedMove(session: Session): Promise<void> {
  if (!(await isMoveUnfinished(session))) return;
  throw new StoreOpenError('the move of a store into this database is not finished: run ringside migrate-store again');
}
