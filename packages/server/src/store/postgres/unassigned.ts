import type { Eraser } from '@ringside/core';
import type pg from 'pg';
import type { PlivoReceipt } from '../../ingest/receipt.ts';
import type { VerifiedCallback } from '../../providers/plivo/plivo-receipt.ts';
import { isOfErased } from '../privacy/admission.ts';
import { type ErasureWatch, holdErasures } from './erasures.ts';
import { inTransaction, type Session, tryAgain } from './session.ts';

/** A callback for the bin. */
export interface AsideCallback {
  readonly receipt: PlivoReceipt;
  readonly why: string;
  /** Name of the call that it waits for, `null` when it waits for none. */
  readonly alias: string | null;
}

/**
 * Puts away verified callbacks that belong to no campaign. Those that name a call wait for it to be found; those that
 * name somebody whose number was erased are not kept.
 */
export async function addUnassigned(
  pool: pg.Pool,
  erasures: ErasureWatch,
  callbacks: readonly AsideCallback[],
): Promise<void> {
  if (callbacks.length === 0) return;
  // Everybody takes them in one order.
  const workspaces = [...new Set(callbacks.map(({ receipt }) => receipt.workspace))].sort();
  await tryAgain(() =>
    inTransaction(pool, async (session) => {
      const erasers = new Map<string, Eraser | null>();
      for (const workspace of workspaces) {
        await holdErasures(session, workspace);
        erasers.set(workspace, await erasures.current(session, workspace));
      }
      const kept = callbacks.filter(({ receipt }) => {
        const eraser = erasers.get(receipt.workspace);
        return !eraser || !isOfErased(receipt, eraser);
      });
      await insert(session, kept);
    }),
  );
}

async function insert(session: Session, aside: readonly AsideCallback[]): Promise<void> {
  if (aside.length === 0) return;
  await session.query(
    `INSERT INTO unassigned (workspace, received_at, why, alias, query, body)
     SELECT workspace, received_at, why, alias, query, body
     FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
       AS aside (workspace, received_at, why, alias, query, body)`,
    aside.map(({ receipt }) => receipt.workspace),
    aside.map(({ receipt }) => receipt.receivedAt),
    aside.map(({ why }) => why),
    aside.map(({ alias }) => alias),
    aside.map(({ receipt }) => receipt.query),
    aside.map(({ receipt }) => receipt.body),
  );
}

/** Which of these names something waits under. */
export async function waitingNames(session: Session, workspace: string, names: readonly string[]): Promise<string[]> {
  const rows = await session.query<{ alias: string }>(
    'SELECT DISTINCT alias FROM unassigned WHERE workspace = $1 AND alias = ANY ($2::text[])',
    ...[workspace, names],
  );
  return rows.map(({ alias }) => alias);
}

/** Takes out what waits for calls that have been named. */
export async function takeUnassigned(
  session: Session,
  workspace: string,
  names: readonly string[],
): Promise<VerifiedCallback[]> {
  const rows = await session.query<{ receivedAt: number; query: string; body: string }>(
    `DELETE FROM unassigned WHERE workspace = $1 AND alias = ANY ($2::text[])
     RETURNING received_at AS "receivedAt", query, body`,
    ...[workspace, names],
  );
  return rows.map((row) => ({ workspace, nonce: null, ...row }));
}

/** What waited and cannot be applied waits no longer. */
export async function giveUpWaiting(
  session: Session,
  workspace: string,
  names: readonly string[],
  why: string,
): Promise<void> {
  await session.query(
    'UPDATE unassigned SET alias = NULL, why = $3 WHERE workspace = $1 AND alias = ANY ($2::text[])',
    ...[workspace, names, why],
  );
}

/** Which callbacks of a page name an erased number. */
export interface UnassignedPage {
  readonly named: readonly number[];
  /** Where the next page begins, `null` after the last. */
  readonly last: number | null;
}

const PAGE = 1_000;

export async function unassignedOf(
  session: Session,
  workspace: string,
  eraser: Eraser,
  after: number,
): Promise<UnassignedPage> {
  const page = await session.query<{ id: number; query: string; body: string }>(
    'SELECT id, query, body FROM unassigned WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3',
    ...[workspace, after, PAGE],
  );
  const named = page.filter((callback) => isOfErased(callback, eraser)).map(({ id }) => id);
  return { named, last: page.at(-1)?.id ?? null };
}

/** @returns how many were still there */
export async function dropUnassigned(session: Session, ids: readonly number[]): Promise<number> {
  return (await session.query('DELETE FROM unassigned WHERE id = ANY ($1::bigint[]) RETURNING id', ids)).length;
}
