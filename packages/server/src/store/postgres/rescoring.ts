import { countsAttempts, rescoreRows, rulesOf } from '@ringside/core';
import type { Touched } from '../../ingest/receipt.ts';
import type { Fence } from '../among-nodes.ts';
import { callRowOf, type StoredRow } from '../call-columns.ts';
import { contactsByKeys, writeRows } from './call-rows.ts';
import type { Change } from './campaign-writer.ts';
import type { LockedCampaign } from './locked-campaign.ts';
import type { Session } from './session.ts';
import { nameOf } from './store-names.ts';
import type { WriteQueue } from './write-queue.ts';

const CHUNK = 1_000;
const nothing = { removedCalls: [], aliases: [], contacts: [], removedContacts: [], numbers: [], events: [] };

/**
 * Scores the calls of campaigns again whose lead rules changed: a chunk at a time between other writes, and where it
 * stopped is stored with each chunk, so that a restart, or another node, goes on there.
 */
export class Rescoring {
  readonly #session: Session;
  readonly #queue: WriteQueue;

  constructor(session: Session, queue: WriteQueue) {
    this.#session = session;
    this.#queue = queue;
  }

  /** Scores one chunk. @returns the campaign it changed, and whether there is more to do */
  async step(now: number, fence: Fence | null): Promise<{ touched: Touched[]; more: boolean }> {
    const [next] = await this.#session.query<{ workspace: string; campaign_id: string }>(
      `SELECT campaigns.workspace, campaigns.campaign_id
       FROM rescoring JOIN campaigns ON campaigns.campaign_key = rescoring.campaign_key LIMIT 1`,
    );
    if (!next) return { touched: [], more: false };
    const touched = await this.#queue.change(nameOf(next.workspace, next.campaign_id), { now, fence, work: chunk });
    return { touched: touched ? [touched] : [], more: true };
  }
}

async function chunk(session: Session, { name: { key }, state }: LockedCampaign): Promise<Change | null> {
  const [from] = await session.query<{ after_row: string }>(
    'SELECT after_row FROM rescoring WHERE campaign_key = $1',
    key,
  );
  // Another node has done the rest.
  if (!from) return null;
  const page = await session.rows<StoredRow>('calls-page', key, from.after_row, CHUNK);
  const last = page.at(-1);
  if (!last) {
    await session.query('DELETE FROM rescoring WHERE campaign_key = $1', key);
    return null;
  }
  const calls = page.map(callRowOf);
  const rules = rulesOf(state.campaign);
  const people = countsAttempts(rules) ? calls.flatMap(({ contact }) => contact ?? []) : [];
  const contacts = people.length === 0 ? [] : await contactsByKeys(session, key, [...new Set(people)]);
  const { changed, delta } = rescoreRows(calls, rules, contacts);
  await session.query('UPDATE rescoring SET after_row = $2 WHERE campaign_key = $1', key, last.call_row);
  if (changed.length === 0) return null;
  await writeRows(session, key, { ...nothing, state, calls: changed });
  return { state: { ...state, version: state.version + 1 }, delta };
}
