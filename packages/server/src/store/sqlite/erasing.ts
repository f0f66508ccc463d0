import { type Eraser, nothingWanted } from '@ringside/core';
import type { Touched } from '../../ingest/receipt.ts';
import { addErasure, endErasure, erasure, foundMore } from '../access/erasures.ts';
import type { AuditNote, StoredErasure } from '../access/records.ts';
import { driveSteps } from '../access/steps.ts';
import { isOfErased } from '../privacy/admission.ts';
import { type CampaignRows, driveWork } from '../privacy/campaign-work.ts';
import { CHUNK, CHUNK_MS } from '../privacy/chunks.ts';
import { ErasureCount, type ErasureJob, type ErasureName, nothingFound } from '../privacy/erasure-count.ts';
import { callsOfNumber, type Rewritten, rewrite, toErase } from '../privacy/rewrite.ts';
import type { Begun, ErasureWish } from '../store.ts';
import type { Tables } from './apply.ts';
import { campaignRowsOver } from './campaign-rows.ts';
import type { LiveCampaign } from './campaigns.ts';
import { emptyLog } from './database.ts';
import { ListErasing } from './list-erasing.ts';
import { sqlText } from './sql.ts';

/**
 * Erases numbers from what is stored. From the moment an erasure is begun the number is replaced wherever it comes up;
 * what the tables find by it is rewritten at once, campaign by campaign, and then all calls of the workspace are looked
 * through for what no table finds: numbers inside ids, second numbers of a call. After a restart that begins again.
 */
export class Erasing {
  readonly #tables: Tables;
  readonly #rowsOf: (campaign: string) => CampaignRows;
  readonly #sql;
  readonly #lists: ListErasing;
  /** By token, of this run. */
  readonly #jobs = new Map<string, ErasureJob>();
  #work: Generator<Touched[], void> | null = null;
  /** What was overwritten still stands in the write-ahead log. */
  #isInLog = false;

  constructor(tables: Tables) {
    const { db, rows, bases } = tables;
    this.#tables = tables;
    this.#rowsOf = campaignRowsOver(db, rows, bases);
    this.#lists = new ListErasing(tables, () => {
      this.#isInLog = true;
    });
    this.#sql = {
      campaigns: db.prepare('SELECT campaign_key AS key FROM campaigns WHERE workspace = ? ORDER BY campaign_key'),
      page: db.prepare(sqlText('call-names-page')),
      unassigned: db.prepare(
        'SELECT id, query, body FROM unassigned WHERE workspace = ? AND id > ? ORDER BY id LIMIT ?',
      ),
      dropUnassigned: db.prepare('DELETE FROM unassigned WHERE id = ?'),
      pending: db.prepare('SELECT workspace, token FROM erasures WHERE done_at IS NULL ORDER BY at, token'),
      again: db.prepare('SELECT campaign_key AS key, asked FROM erasing'),
      done: db.prepare('DELETE FROM erasing WHERE campaign_key = ? AND asked = ?'),
    };
  }

  /** Begins an erasure; it is durable, and holds for everything that arrives from now on. */
  begin(wish: ErasureWish, audit: AuditNote): Begun {
    const { access, erased } = this.#tables;
    const { workspace, number, reason } = wish;
    const token = erased.tokenOf(wish);
    const known = this.#stored({ workspace, token });
    if (known) return { erasure: known, isNew: false, touched: [] };
    const added = erased.begun(wish, audit);
    access.inTransaction(() =>
      driveSteps(addErasure(added, { ...audit, target: token, after: { reason } }), access.rows),
    );
    erased.keep(added);
    // The number is known only now: what the tables find by it is done before anything else is.
    this.#work = this.#run(this.#jobOf(added), audit.at, number);
    const { touched } = this.step(audit.at);
    return { erasure: this.#stored(added) ?? added, isNew: true, touched };
  }

  /** Looks through one chunk. @returns the campaigns it changed, and whether there is more to do */
  step(now: number): { touched: Touched[]; more: boolean } {
    this.#work ??= this.#next(now);
    if (!this.#work) {
      this.#emptyLog();
      return { touched: [], more: false };
    }
    try {
      const { done, value } = this.#work.next();
      if (!done) return { touched: value, more: true };
    } catch (error) {
      this.#work = null;
      throw error;
    }
    this.#work = null;
    return { touched: [], more: true };
  }

  #next(now: number): Generator<Touched[], void> | null {
    const pending = this.#sql.pending.get() as ErasureName | undefined;
    if (pending) return this.#run(this.#jobOf(pending), now, null);
    const again = this.#sql.again.get() as { key: string; asked: number } | undefined;
    return again ? this.#runAgain(again, now) : null;
  }

  #stored({ workspace, token }: ErasureName): StoredErasure | null {
    return driveSteps(erasure(workspace, token), this.#tables.access.rows);
  }

  #jobOf({ workspace, token }: ErasureName): ErasureJob {
    const key = `${workspace} ${token}`;
    const job = this.#jobs.get(key) ?? { erasure: { workspace, token }, count: new ErasureCount() };
    this.#jobs.set(key, job);
    return job;
  }

  /** @param number `null` after a restart, when nobody knows it any more */
  *#run(job: ErasureJob, now: number, number: string | null): Generator<Touched[], void> {
    const { workspace, token } = job.erasure;
    if (number !== null) yield* this.#find(job, number, now);
    yield* this.#dropUnassigned(job);
    yield* this.#lists.suppressed(job);
    for (const key of this.#keysOf(workspace)) yield* this.#scan(job, key, now);
    this.#emptyLog();
    const { access } = this.#tables;
    access.inTransaction(() => driveSteps(endErasure(job.erasure, now), access.rows));
    this.#jobs.delete(`${workspace} ${token}`);
  }

  /** What the tables find by the number itself. */
  *#find(job: ErasureJob, number: string, now: number): Generator<Touched[], void> {
    let touched: Touched[] = [];
    let startedAt = performance.now();
    for (const key of this.#keysOf(job.erasure.workspace)) {
      touched.push(...this.#rewriteFound(job, key, number, now));
      this.#lists.find(job, key, number);
      if (performance.now() - startedAt < CHUNK_MS) continue;
      yield touched;
      touched = [];
      startedAt = performance.now();
    }
    yield touched;
  }

  *#runAgain({ key, asked }: { key: string; asked: number }, now: number): Generator<Touched[], void> {
    yield* this.#scan(null, key, now);
    this.#sql.done.run(key, asked);
    this.#emptyLog();
  }

  /** Everything of a campaign, a chunk at a time. */
  *#scan(job: ErasureJob | null, key: string, now: number): Generator<Touched[], void> {
    yield* this.#scanCalls(job, key, now);
    const live = this.#tables.campaigns.get(key, now);
    if (live) yield* this.#lists.scan(job, key, live.workspace);
  }

  *#scanCalls(job: ErasureJob | null, key: string, now: number): Generator<Touched[], void> {
    for (let after = ''; ; ) {
      const live = this.#tables.campaigns.get(key, now);
      const eraser = live && this.#tables.erased.of(live.workspace);
      if (!live || !eraser) return;
      const page = this.#sql.page.all(key, after, CHUNK) as { row: string }[];
      if (page.length === 0) return;
      const startedAt = performance.now();
      const found: string[] = [];
      for (const { row } of page) {
        if (performance.now() - startedAt > CHUNK_MS) break;
        const { calls } = this.#tables.rows.read(key, { ...nothingWanted, rows: [row] });
        found.push(...toErase(calls, eraser, live.state).map((call) => call.row));
        after = row;
      }
      yield this.#rewrite(job, live, found, eraser);
    }
  }

  #rewriteFound(job: ErasureJob, key: string, number: string, now: number): Touched[] {
    const { campaigns, erased } = this.#tables;
    const names = driveWork(callsOfNumber(number), this.#rowsOf(key));
    if (names.length === 0) return [];
    const live = campaigns.get(key, now);
    const eraser = live && erased.of(live.workspace);
    return live && eraser ? this.#rewrite(job, live, names, eraser) : [];
  }

  /** In one transaction. */
  #rewrite(job: ErasureJob | null, live: LiveCampaign, names: readonly string[], eraser: Eraser): Touched[] {
    if (names.length === 0) return [];
    const { db, campaigns, access } = this.#tables;
    let rewritten: Rewritten | null;
    db.exec('BEGIN IMMEDIATE');
    try {
      rewritten = driveWork(rewrite(names, live.state, eraser), this.#rowsOf(live.key));
      const written = rewritten ? [{ live, state: rewritten.state, delta: rewritten.delta }] : [];
      if (rewritten) campaigns.write(written);
      if (rewritten && job) driveSteps(foundMore(job.erasure, job.count.of(live.key, rewritten)), access.rows);
      db.exec('COMMIT');
      if (rewritten) campaigns.commit(written);
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
    if (!rewritten) return [];
    job?.count.keep(live.key, rewritten);
    this.#isInLog = true;
    live.recent = null;
    live.forecasts.sample = null;
    return [{ workspace: live.workspace, campaignId: live.campaignId, version: live.state.version }];
  }

  /** Callbacks without a campaign that name the number. */
  *#dropUnassigned(job: ErasureJob): Generator<Touched[], void> {
    const { access, erased } = this.#tables;
    const { workspace } = job.erasure;
    const eraser = erased.of(workspace);
    for (let after = 0; eraser; ) {
      const page = this.#sql.unassigned.all(workspace, after, CHUNK) as { id: number; query: string; body: string }[];
      const last = page.at(-1);
      if (!last) return;
      const named = page.filter((callback) => isOfErased(callback, eraser));
      access.inTransaction(() => {
        for (const { id } of named) this.#sql.dropUnassigned.run(id);
        driveSteps(foundMore(job.erasure, { ...nothingFound, unassigned: named.length }), access.rows);
      });
      this.#isInLog ||= named.length > 0;
      after = last.id;
      yield [];
    }
  }

  /** While somebody reads what is in it, it is tried again with the next step. */
  #emptyLog(): void {
    if (this.#isInLog) this.#isInLog = !emptyLog(this.#tables.db);
  }

  #keysOf(workspace: string): string[] {
    return (this.#sql.campaigns.all(workspace) as { key: string }[]).map(({ key }) => key);
  }
}
