import { emptyRollup } from '@ringside/core';
import type { Touched } from '../../ingest/receipt.ts';
import { note } from '../access/audit.ts';
import { driveStepsLater } from '../access/steps.ts';
import type { Fence } from '../among-nodes.ts';
import { retireAttempts } from '../dialing/retiring.ts';
import { MOST_RECENT } from '../limits.ts';
import { driveWorkLater } from '../privacy/campaign-work.ts';
import { CHUNK, CHUNK_MS, DAY_MS, retentionNote, SLICE } from '../privacy/chunks.ts';
import { retire } from '../privacy/retire.ts';
import { retryRulesOf } from '../retry-rules.ts';
import { campaignRows } from './campaign-rows.ts';
import type { Change, ChangeOptions } from './campaign-writer.ts';
import type { CampaignName, LiveCampaigns } from './live-campaigns.ts';
import { type LockedCampaign, sumsOf } from './locked-campaign.ts';
import type { Session } from './session.ts';
import { allSettings } from './settings.ts';
import { nameOf } from './store-names.ts';
import type { WriteQueue } from './write-queue.ts';

interface Candidate {
  readonly id: number;
  readonly end?: number;
  readonly row: string;
}

/** One pass over a campaign. */
interface Pass {
  readonly name: CampaignName;
  /** Records are deleted of which nothing was heard since. */
  readonly until: number;
  readonly now: number;
  /** Calls whose group was looked at and stays. */
  readonly looked: Set<string>;
}

type Chunks = AsyncGenerator<Touched[], void>;

const UNTOLD = `SELECT calls - told_calls AS calls, contacts - told_contacts AS contacts FROM base_rollups
                WHERE campaign_key = $1 AND calls > told_calls`;

/**
 * Deletes records that are older than their workspace keeps them, a chunk at a time, see the embedded store's. Another
 * node may do the same meanwhile: what a chunk deletes it reads after it has locked the campaign.
 */
export class Retention {
  readonly #session: Session;
  readonly #campaigns: LiveCampaigns;
  readonly #queue: WriteQueue;
  #pass: Chunks | null = null;
  #fence: Fence | null = null;

  constructor(session: Session, campaigns: LiveCampaigns, queue: WriteQueue) {
    this.#session = session;
    this.#campaigns = campaigns;
    this.#queue = queue;
  }

  /** Deletes one chunk. @returns the campaigns it changed, and whether there is more to do in this pass */
  async step(now: number, fence: Fence | null): Promise<{ touched: Touched[]; more: boolean }> {
    this.#fence = fence;
    this.#pass ??= this.#run(now);
    try {
      const { done, value } = await this.#pass.next();
      if (!done) return { touched: value, more: true };
    } catch (error) {
      this.#pass = null;
      throw error;
    }
    this.#pass = null;
    return { touched: [], more: false };
  }

  async *#run(now: number): Chunks {
    for (const [workspace, { retention }] of await allSettings(this.#session)) {
      if (retention.callDays === null) continue;
      const until = now - retention.callDays * DAY_MS;
      while ((await this.#deleteUnassigned(workspace, until)) === CHUNK) yield [];
      for (let after = ''; ; ) {
        const page = await this.#session.rows<{ campaign_key: string; campaign_id: string }>(
          'campaigns-to-retire',
          ...[workspace, after, until, CHUNK],
        );
        for (const { campaign_id: id } of page) yield* this.#campaign(nameOf(workspace, id), until, now);
        after = page.at(-1)?.campaign_key ?? after;
        if (page.length < CHUNK) break;
      }
    }
  }

  async #deleteUnassigned(workspace: string, until: number): Promise<number> {
    const rows = await this.#session.query(
      `DELETE FROM unassigned
       WHERE id IN (SELECT id FROM unassigned WHERE workspace = $1 AND received_at <= $2 LIMIT ${CHUNK})
       RETURNING id`,
      ...[workspace, until],
    );
    return rows.length;
  }

  async *#campaign(name: CampaignName, until: number, now: number): Chunks {
    const pass: Pass = { name, until, now, looked: new Set() };
    for (let place = { end: -1, id: 0 }; ; ) {
      const page = await this.#session.rows<Required<Candidate>>(
        'calls-before',
        ...[name.key, place.end, place.id, until, CHUNK],
      );
      yield* this.#page(page, pass);
      const last = page.at(-1);
      if (!last) break;
      place = last;
    }
    for (let after = 0; ; ) {
      const page = await this.#session.rows<Candidate>('calls-unplaced', name.key, after, until, CHUNK);
      yield* this.#page(page, pass);
      const last = page.at(-1);
      if (!last) break;
      after = last.id;
    }
    yield* this.#list(pass);
    await this.#tell(pass);
  }

  /** What the dialer kept of contacts that are over. */
  async *#list(pass: Pass): Chunks {
    for (let gone = CHUNK; gone === CHUNK; ) {
      await this.#change(pass, async (session) => {
        gone = await driveStepsLater(retireAttempts(pass.name.key, pass.until, CHUNK), session.step);
        return null;
      });
      yield [];
    }
  }

  async *#page(page: readonly Candidate[], pass: Pass): Chunks {
    for (let at = 0; at < page.length; ) {
      const { looked, touched } = await this.#chunk(page.slice(at), pass);
      at += looked;
      yield touched;
    }
  }

  /** One transaction; it ends when its time is up. @returns how many candidates it looked at */
  async #chunk(candidates: readonly Candidate[], pass: Pass): Promise<{ looked: number; touched: Touched[] }> {
    // With its sums in memory they need not be read under the lock.
    await this.#campaigns.get(pass.name.key, pass.now);
    let looked = candidates.length;
    const stay = new Set<string>();
    const touched = await this.#change(pass, async (session, locked) => {
      // A transaction that could not be ended is begun again.
      stay.clear();
      const done = await deleteSome(session, locked, candidates, {
        ...pass,
        looked: { has: (row) => pass.looked.has(row) || stay.has(row), add: (row) => stay.add(row) },
      });
      looked = done.looked;
      return done.change;
    });
    for (const row of stay) pass.looked.add(row);
    return { looked, touched: touched ? [touched] : [] };
  }

  #change({ name, now }: Pick<Pass, 'name' | 'now'>, work: ChangeOptions['work']): Promise<Touched | null> {
    return this.#queue.change(name, { now, fence: this.#fence, work });
  }

  /** Tells the audit log what a pass deleted; also what one deleted that did not come to its end. */
  async #tell({ name, until, now }: Pass): Promise<void> {
    if ((await this.#session.query(UNTOLD, name.key)).length === 0) return;
    await this.#change({ name, now }, async (session) => {
      const [untold] = await session.query<{ calls: number; contacts: number }>(UNTOLD, name.key);
      if (!untold) return null;
      await driveStepsLater(note(retentionNote(name, untold, { until, now })), session.step);
      const told = 'UPDATE base_rollups SET told_calls = calls, told_contacts = contacts WHERE campaign_key = $1';
      await session.query(told, name.key);
      return null;
    });
  }
}

type Terms = Pick<Pass, 'until' | 'now'> & {
  readonly looked: Pick<Set<string>, 'has'> & { add(row: string): unknown };
};

async function deleteSome(
  session: Session,
  locked: LockedCampaign,
  candidates: readonly Candidate[],
  { until, now, looked }: Terms,
): Promise<{ looked: number; change: Change | null }> {
  const { name, state } = locked;
  const feed = await session.rows<{ row: string }>('calls-newest-rows', name.key, MOST_RECENT);
  const shown = new Set(feed.map(({ row }) => row));
  const rules = retryRulesOf({ state, rollup: await sumsOf(session, locked) }, now);
  let isSeen = false;
  let count = 0;
  for (const startedAt = performance.now(); count < candidates.length; count += SLICE) {
    if (count > 0 && performance.now() - startedAt > CHUNK_MS) break;
    const names = candidates.slice(count, count + SLICE).map(({ row }) => row);
    const { rows } = await driveWorkLater(
      retire(names, { state, until, rules, looked }),
      campaignRows(session, name.key),
    );
    isSeen ||= rows.some((row) => shown.has(row));
  }
  // The feed shows deleted calls no more, which is another report; all else is the same to the byte.
  const change = isSeen ? { state: { ...state, version: state.version + 1 }, delta: emptyRollup() } : null;
  return { looked: count, change };
}
