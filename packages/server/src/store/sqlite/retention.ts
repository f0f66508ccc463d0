import {
  addRollup,
  type CallRow,
  drive,
  emptyRollup,
  fact,
  iso,
  type Rollup,
  spanOf,
  withoutCalls,
} from '@ringside/core';
import type { Touched } from '../../ingest/receipt.ts';
import { note } from '../access/audit.ts';
import { driveSteps } from '../access/steps.ts';
import { MOST_RECENT } from '../limits.ts';
import { retryRulesOf } from '../retry-rules.ts';
import { minus } from '../rollup-difference.ts';
import type { Tables } from './apply.ts';
import type { LiveCampaign } from './campaigns.ts';
import { emptyLog } from './database.ts';
import { DeliveryRows } from './delivery-rows.ts';
import { recentCalls } from './recent-calls.ts';
import { Removals } from './removals.ts';
import { type GroupReads, groupOf, isOver } from './retention-groups.ts';
import { sqlText } from './sql.ts';

const DAY_MS = 24 * 3_600_000;
const CHUNK = 1_000;
const CHUNK_MS = 50;

interface Candidate {
  readonly id: number;
  readonly end?: number;
  readonly row: string;
}

/** One pass over a campaign. */
interface Pass {
  /** Records are deleted of which nothing was heard since. */
  readonly until: number;
  readonly now: number;
  /** Calls whose group was looked at: it goes whole or stays. */
  readonly looked: Set<string>;
}

/** What one chunk deleted. */
interface Deleted {
  readonly sum: Rollup;
  readonly rows: Set<string>;
  firstAt: number;
  lastAt: number;
  contacts: number;
}

/**
 * Deletes records that are older than their workspace keeps them: a chunk at a time between the batches of intake.
 * What they came to is added to a frozen base in the same transaction, so no report changes. Nothing is remembered
 * between chunks that a restart would miss: the next pass begins with the oldest call that is left.
 */
export class Retention {
  readonly #tables: Tables;
  readonly #removals: Removals;
  readonly #deliveries: DeliveryRows;
  readonly #sql;
  #pass: Generator<Touched[], void> | null = null;
  /** What was deleted still stands in the write-ahead log. */
  #isInLog = false;

  constructor(tables: Tables) {
    const { db, rows } = tables;
    this.#tables = tables;
    this.#removals = new Removals(db, rows);
    this.#deliveries = new DeliveryRows(db);
    this.#sql = {
      campaigns: db.prepare('SELECT campaign_key AS key FROM campaigns WHERE workspace = ?'),
      ended: db.prepare(sqlText('calls-before')),
      unplaced: db.prepare(sqlText('calls-unplaced')),
      unplacedOf: db.prepare(sqlText('calls-unplaced-of-number')),
      unassigned: db.prepare(
        `DELETE FROM unassigned
         WHERE id IN (SELECT id FROM unassigned WHERE workspace = ? AND received_at <= ? LIMIT ${CHUNK})`,
      ),
    };
  }

  /** Deletes one chunk. @returns the campaigns it changed, and whether there is more to do in this pass */
  step(now: number): { touched: Touched[]; more: boolean } {
    this.#pass ??= this.#run(now);
    try {
      const { done, value } = this.#pass.next();
      if (!done) return { touched: value, more: true };
    } catch (error) {
      this.#pass = null;
      throw error;
    }
    this.#pass = null;
    if (this.#isInLog) this.#isInLog = !emptyLog(this.#tables.db);
    return { touched: [], more: false };
  }

  *#run(now: number): Generator<Touched[], void> {
    for (const [workspace, { retention }] of this.#tables.settings.all()) {
      if (retention.callDays === null) continue;
      const until = now - retention.callDays * DAY_MS;
      while (Number(this.#sql.unassigned.run(workspace, until).changes) === CHUNK) yield [];
      let startedAt = performance.now();
      for (const { key } of this.#sql.campaigns.all(workspace) as { key: string }[]) {
        yield* this.#campaign(key, until, now);
        if (performance.now() - startedAt < CHUNK_MS) continue;
        // Campaigns with nothing to delete take little each, but there may be many.
        yield [];
        startedAt = performance.now();
      }
    }
  }

  *#campaign(key: string, until: number, now: number): Generator<Touched[], void> {
    const looked = new Set<string>();
    const pass = { until, now, looked };
    let place = { end: -1, id: 0 };
    for (;;) {
      const { end, id } = place;
      const page = this.#sql.ended.all(key, end, id, until, CHUNK) as unknown as Required<Candidate>[];
      yield* this.#page(key, page, pass);
      const last = page.at(-1);
      if (!last) break;
      place = last;
    }
    for (let after = 0; ; ) {
      const page = this.#sql.unplaced.all(key, after, until, CHUNK) as unknown as Candidate[];
      yield* this.#page(key, page, pass);
      const last = page.at(-1);
      if (!last) break;
      after = last.id;
    }
    this.#tell(key, until, now);
  }

  *#page(key: string, page: readonly Candidate[], pass: Pass): Generator<Touched[], void> {
    for (let at = 0; at < page.length; ) {
      const live = this.#tables.campaigns.get(key, pass.now);
      if (!live) return;
      const { looked, touched } = this.#chunk(live, page.slice(at), pass);
      at += looked;
      yield touched;
    }
  }

  /** One transaction; it ends when its time is up. @returns how many candidates it looked at */
  #chunk(live: LiveCampaign, candidates: readonly Candidate[], pass: Pass): { looked: number; touched: Touched[] } {
    const { db, campaigns, rows } = this.#tables;
    const { until } = pass;
    recentCalls(live, rows, MOST_RECENT);
    const feed = new Set(live.recent?.map(({ row }) => row));
    const deleted: Deleted = { sum: emptyRollup(), rows: new Set(), firstAt: until, lastAt: 0, contacts: 0 };
    db.exec('BEGIN IMMEDIATE');
    try {
      const looked = this.#deleteSome(live, candidates, pass, deleted);
      const keep = deleted.rows.size > 0 ? this.#addToBase(live.key, until, deleted) : null;
      // The feed shows deleted calls no more, which is another report; all else is the same to the byte.
      const isSeen = [...deleted.rows].some((row) => feed.has(row));
      const state = isSeen ? { ...live.state, version: live.state.version + 1 } : live.state;
      const written = isSeen ? [{ live, state, delta: emptyRollup() }] : [];
      if (isSeen) campaigns.write(written);
      db.exec('COMMIT');
      keep?.();
      if (isSeen) campaigns.commit(written);
      if (deleted.rows.size > 0) {
        this.#isInLog = true;
        live.recent = null;
        live.forecasts.sample = null;
      }
      const { workspace, campaignId } = live;
      return { looked, touched: isSeen ? [{ workspace, campaignId, version: state.version }] : [] };
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  #deleteSome(
    live: LiveCampaign,
    candidates: readonly Candidate[],
    { until, now, looked }: Pass,
    deleted: Deleted,
  ): number {
    const { rows } = this.#tables;
    const reads = this.#readsOf(live);
    const rules = retryRulesOf(live, now);
    const startedAt = performance.now();
    let count = 0;
    for (const { row } of candidates) {
      if (count > 0 && performance.now() - startedAt > CHUNK_MS) break;
      count += 1;
      if (looked.has(row)) continue;
      const first = rows.read(live.key, { ...nothing, rows: [row] }).calls[0];
      const group = first && groupOf(first, reads);
      if (!group) continue;
      for (const name of group.calls.keys()) looked.add(name);
      if (group.isWhole && isOver(group, until, rules))
        this.#deleteGroup(live, [...group.calls.values()], group.contacts.size, deleted);
    }
    return count;
  }

  #deleteGroup(live: LiveCampaign, calls: readonly CallRow[], contacts: number, deleted: Deleted): void {
    const { rows } = this.#tables;
    const country = fact(live.state.campaign, 'defaultCountry');
    const removal = drive(
      withoutCalls(calls, country, () => true),
      (wanted) => rows.read(live.key, wanted),
    );
    this.#removals.write(live.key, live.state, removal);
    for (const { row, call, seqs } of calls) {
      this.#deliveries.remove(live.key, seqs);
      const { first, last } = spanOf(call);
      deleted.rows.add(row);
      deleted.firstAt = Math.min(deleted.firstAt, first);
      deleted.lastAt = Math.max(deleted.lastAt, last);
    }
    deleted.contacts += contacts;
    addRollup(deleted.sum, minus(emptyRollup(), removal.delta));
  }

  #addToBase(key: string, until: number, { sum, rows, firstAt, lastAt, contacts }: Deleted): () => void {
    return this.#tables.bases.add(key, {
      ...{ deletedBefore: until, firstAt, lastAt, rollup: sum, calls: rows.size, contacts },
    });
  }

  /** Tells the audit log what a pass deleted; also what one deleted that did not come to its end. */
  #tell(key: string, until: number, now: number): void {
    const { access, bases, campaigns } = this.#tables;
    const untold = bases.get(key) && bases.untold(key);
    const live = untold && campaigns.get(key, now);
    if (!untold || !live) return;
    access.inTransaction(() => {
      const { workspace, campaignId: target } = live;
      const after = { ...untold, until: iso(until) };
      const entry = {
        at: now,
        workspace,
        actor: 'retention',
        address: null,
        action: 'retention.deleted',
        target,
        after,
      };
      driveSteps(note(entry), access.rows);
      bases.told(key);
    });
  }

  #readsOf({ key, state }: LiveCampaign): GroupReads {
    return {
      read: (wanted) => this.#tables.rows.read(key, { ...nothing, ...wanted }),
      unplaced: (number) => (this.#sql.unplacedOf.all(key, number) as { row: string }[]).map(({ row }) => row),
      country: fact(state.campaign, 'defaultCountry'),
    };
  }
}

const nothing = { aliases: [], rows: [], numbers: [], contacts: [] };
