import { type BaseRollup, rollupFromData, rollupToData } from '@ringside/core';
import type { BaseChange, BaseHeader } from '../privacy/campaign-work.ts';
import type { Session } from './session.ts';

interface BaseRow extends BaseHeader {
  readonly totals: string;
}

/**
 * What deleted calls of a campaign came to, `null` when none were.
 * @param minutes those that are wanted, `null`: all
 */
export async function loadBase(
  session: Session,
  campaign: string,
  minutes: readonly number[] | null = null,
): Promise<BaseRollup | null> {
  const row = await session.row<BaseRow>('base-of-campaign', campaign);
  if (!row) return null;
  const { totals, ...header } = row;
  const buckets = await session.rows<{ minute: number; counts: string }>('base-buckets', campaign, minutes);
  const known = buckets.map(({ minute, counts }) => [minute, JSON.parse(counts)] as const);
  return { ...header, rollup: rollupFromData({ totals: JSON.parse(totals), minutes: known }) };
}

/** To be called inside a transaction that has locked the campaign. */
export async function putBase(session: Session, campaign: string, change: BaseChange): Promise<void> {
  const { deletedBefore, firstAt, lastAt, rollup, calls, contacts } = change;
  const { totals, minutes } = rollupToData(rollup);
  const counts = minutes.map(([, of]) => JSON.stringify(of));
  await Promise.all([
    session.rows('base-put', campaign, deletedBefore, firstAt, lastAt, calls, contacts, JSON.stringify(totals)),
    session.rows(
      'base-buckets-put',
      campaign,
      minutes.map(([minute]) => minute),
      counts,
    ),
    session.rows('rollup-deleted-before', campaign, deletedBefore),
  ]);
}
