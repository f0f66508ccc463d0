import {
  addRollup,
  type CampaignState,
  type Changes,
  deliveryFromText,
  emptyRollup,
  type Found,
  fold,
  newCampaignState,
  type Rollup,
  type Wanted,
} from '@ringside/core';
import { baseRollup } from '../privacy/bases.ts';
import { minus } from '../rollup-difference.ts';
import { loadBase } from './bases.ts';
import { readWanted, writeRows } from './call-rows.ts';
import { type LockedCampaign, sumsOf } from './locked-campaign.ts';
import type { Session } from './session.ts';

const CHUNK = 1_000;
/** Tables whose rows follow from the stored deliveries. */
const DERIVED = {
  calls: 'call_row',
  aliases: 'alias',
  contacts: 'contact_key',
  numbers: 'number',
  campaign_events: 'event_key',
} as const;
/** Rows that go in a time that a statement has. */
const GONE_AT_ONCE = 10_000;

/**
 * Folds all stored deliveries of a locked campaign again, from nothing.
 * @param latest the fold of the batch at hand, whose own deliveries are already stored
 * @returns the new state, and the difference to the sums before
 */
export async function refold(
  session: Session,
  locked: LockedCampaign,
  latest: Changes,
): Promise<{ state: CampaignState; delta: Rollup }> {
  const { key } = locked.name;
  const { state, sum } = await foldStored(session, key);
  if (locked.deletedBefore !== null) addRollup(sum, baseRollup(await loadBase(session, key)));
  const { firstAt, lastAt, firstCallAt, version } = latest.state;
  const whole = { ...state, firstAt, lastAt, firstCallAt, version };
  return { state: whole, delta: minus(sum, await sumsOf(session, locked)) };
}

/**
 * Puts what follows from the stored deliveries of a campaign in the place of what is there, a chunk at a time. What was
 * said of the campaign itself comes before all else, so that every number is read with the country that is now known.
 * @returns the sum of what the deliveries add, and the state as those about calls leave it
 */
export async function foldStored(
  session: Session,
  key: string,
  onChunk?: (deliveries: number) => void,
): Promise<{ state: CampaignState; sum: Rollup }> {
  for (const [table, column] of Object.entries(DERIVED)) await empty(session, key, table, column);
  const sum = emptyRollup();
  let state = newCampaignState;
  const foldPages = async (statement: string, onPage?: (deliveries: number) => void): Promise<void> => {
    for (let after = 0; ; ) {
      const page = await session.rows<{ seq: number; delivery: string }>(statement, key, after, CHUNK);
      const last = page.at(-1);
      if (!last) return;
      const deliveries = page.map(({ delivery }) => deliveryFromText(delivery));
      const seqs = page.map(({ seq }) => seq);
      const changes = await driveLater(fold(state, deliveries, seqs), (wanted) => readWanted(session, key, wanted));
      await writeRows(session, key, changes);
      addRollup(sum, changes.delta);
      state = changes.state;
      after = last.seq;
      onPage?.(page.length);
    }
  };
  await foldPages('campaign-deliveries');
  state = { ...newCampaignState, campaign: state.campaign };
  await foldPages('events-of-campaign', onChunk);
  return { state, sum };
}

async function empty(session: Session, key: string, table: string, column: string): Promise<void> {
  const some = `SELECT ${column} FROM ${table} WHERE campaign_key = $1 ORDER BY ${column} LIMIT ${GONE_AT_ONCE}`;
  for (;;) {
    const gone = await session.query(
      `DELETE FROM ${table} WHERE campaign_key = $1 AND ${column} IN (${some}) RETURNING 1 AS one`,
      key,
    );
    if (gone.length < GONE_AT_ONCE) return;
  }
}

/** Runs work such as a fold, whose reads are answered later. */
export async function driveLater<T>(
  work: Generator<Wanted, T, Found>,
  read: (wanted: Wanted) => Promise<Found>,
): Promise<T> {
  let step = work.next();
  while (!step.done) step = work.next(await read(step.value));
  return step.value;
}
