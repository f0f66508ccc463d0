import { emptyRollup } from '@ringside/core';
import type { Touched } from '../../ingest/receipt.ts';
import { note } from '../access/audit.ts';
import { driveSteps } from '../access/steps.ts';
import { retireAttempts } from '../dialing/retiring.ts';
import { MOST_RECENT } from '../limits.ts';
import { type BaseHeader, driveWork } from '../privacy/campaign-work.ts';
import { CHUNK, CHUNK_MS, DAY_MS, retentionNote, SLICE } from '../privacy/chunks.ts';
import { retire } from '../privacy/retire.ts';
import { retryRulesOf } from '../retry-rules.ts';
import type { Tables } from './apply.ts';
import { campaignRowsOver } from './campaign-rows.ts';
import type { LiveCampaign } from './campaigns.ts';
import { emptyLog } from './database.ts';
import { recentCalls } from './recent-calls.ts';
import { sqlText } from './sql.ts';

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

/**
 * Deletes records that are older than their workspace keeps them: a chunk at a time between the batches of intake.
 * What they came to is added to a frozen base in the same transaction, so no report changes. Nothing is remembered
 * between chunks that a restart would miss: the next pass begins with the oldest call that is left.
 */
export class Retention {
  readonly #tables: Tables;
  readonly #rowsOf;
  readonly #sql;
  #pass: Generator<Touched[], void> | null = null;
  /** What was deleted still stands in the write-ahead log. */
  #isInLog = false;

  constructor(tables: Tables) {
    const { db, rows, bases } = tables;
    this.#tables = tables;
    this.#rowsOf = campaignRowsOver(db, rows, bases);
    this.#sql = {
      campaigns: db.prepare('SELECT campaign_key AS key FROM campaigns WHERE workspace = ?'),
      ended: db.prepare(sqlText('calls-before')),
      unplaced: db.prepare(sqlText('calls-unplaced')),
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
    yield* this.#list(key, until);
    this.#tell(key, until, now);
  }

  /** What the dialer kept of contacts that are over. */
  *#list(key: string, until: number): Generator<Touched[], void> {
    const { access } = this.#tables;
    for (;;) {
      const gone = access.inTransaction(() => driveSteps(retireAttempts(key, until, CHUNK), access.rows));
      this.#isInLog ||= gone > 0;
      if (gone < CHUNK) return;
      yield [];
    }
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
    const { db, campaigns, rows, bases } = this.#tables;
    recentCalls(live, rows, MOST_RECENT);
    const feed = new Set(live.recent?.map(({ row }) => row));
    db.exec('BEGIN IMMEDIATE');
    try {
      const { looked, rows: deleted, base } = this.#deleteSome(live, candidates, pass);
      // The feed shows deleted calls no more, which is another report; all else is the same to the byte.
      const isSeen = deleted.some((row) => feed.has(row));
      const state = isSeen ? { ...live.state, version: live.state.version + 1 } : live.state;
      const written = isSeen ? [{ live, state, delta: emptyRollup() }] : [];
      if (isSeen) campaigns.write(written);
      db.exec('COMMIT');
      if (isSeen) campaigns.commit(written);
      if (base) {
        bases.keep(live.key, base);
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

  #deleteSome(live: LiveCampaign, candidates: readonly Candidate[], { until, now, looked }: Pass) {
    const rules = retryRulesOf(live, now);
    const own = this.#rowsOf(live.key);
    const deleted: string[] = [];
    let base: BaseHeader | null = null;
    let count = 0;
    for (const startedAt = performance.now(); count < candidates.length; count += SLICE) {
      if (count > 0 && performance.now() - startedAt > CHUNK_MS) break;
      const names = candidates.slice(count, count + SLICE).map(({ row }) => row);
      const retired = driveWork(retire(names, { state: live.state, until, rules, looked }), own);
      deleted.push(...retired.rows);
      base = retired.base ?? base;
    }
    return { looked: count, rows: deleted, base };
  }

  /** Tells the audit log what a pass deleted; also what one deleted that did not come to its end. */
  #tell(key: string, until: number, now: number): void {
    const { access, bases, campaigns } = this.#tables;
    const untold = bases.get(key) && bases.untold(key);
    const live = untold && campaigns.get(key, now);
    if (!untold || !live) return;
    access.inTransaction(() => {
      driveSteps(note(retentionNote(live, untold, { until, now })), access.rows);
      bases.told(key);
    });
  }
}
