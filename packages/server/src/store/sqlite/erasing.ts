import type { CallRow } from '@ringside/core';
import type { Touched } from '../../ingest/receipt.ts';
import { addErasure, erasure, foundErased } from '../access/erasures.ts';
import type { AuditNote, ErasedFound, StoredErasure } from '../access/records.ts';
import { driveSteps } from '../access/steps.ts';
import type { Begun, ErasureWish } from '../store.ts';
import { isOfErased } from './admission.ts';
import type { Tables } from './apply.ts';
import { emptyLog } from './database.ts';
import { Rewriting, type Rewritten } from './rewriting.ts';
import { sqlText } from './sql.ts';

const CHUNK = 1_000;
const CHUNK_MS = 50;

const nothingFound: ErasedFound = { campaigns: 0, calls: 0, events: 0, contacts: 0, unassigned: 0 };
const nothing = { aliases: [], rows: [], numbers: [], contacts: [] };

interface Job {
  readonly erasure: Pick<StoredErasure, 'workspace' | 'token'>;
  readonly campaigns: Set<string>;
  readonly contacts: Set<string>;
  found: ErasedFound;
}

/**
 * Erases numbers from what is stored. From the moment an erasure is begun the number is replaced wherever it comes up;
 * what the tables find by it is rewritten at once, campaign by campaign, and then all calls of the workspace are looked
 * through for what no table finds: numbers inside ids, second numbers of a call. After a restart that begins again.
 */
export class Erasing {
  readonly #tables: Tables;
  readonly #rewriting: Rewriting;
  readonly #sql;
  /** By token, of this run. */
  readonly #jobs = new Map<string, Job>();
  #work: Generator<Touched[], void> | null = null;
  /** What was overwritten still stands in the write-ahead log. */
  #isInLog = false;

  constructor(tables: Tables) {
    const { db } = tables;
    this.#tables = tables;
    this.#rewriting = new Rewriting(tables);
    this.#sql = {
      campaigns: db.prepare('SELECT campaign_key AS key FROM campaigns WHERE workspace = ? ORDER BY campaign_key'),
      page: db.prepare(sqlText('call-names-page')),
      unplacedOf: db.prepare(sqlText('calls-unplaced-of-number')),
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
  begin({ workspace, number, reason }: ErasureWish, audit: AuditNote): Begun {
    const { access, erasures } = this.#tables;
    const tokens = erasures.tokens(workspace);
    const token = tokens.token(number);
    const known = driveSteps(erasure(workspace, token), access.rows);
    if (known) return { erasure: known, isNew: false, touched: [] };
    const added: StoredErasure = {
      ...{ workspace, token, digits: tokens.digitsHashes(number), probe: tokens.probe(), reason },
      ...{ at: audit.at, actor: audit.actor, found: nothingFound, doneAt: null },
    };
    access.inTransaction(() =>
      driveSteps(addErasure(added, { ...audit, target: token, after: { reason } }), access.rows),
    );
    erasures.keep(added);
    const job = this.#jobOf(added);
    // The number is known only now: what the tables find by it is done before anything else is.
    this.#work = this.#run(job, audit.at, number);
    const { touched } = this.step(audit.at);
    return { erasure: { ...added, found: job.found }, isNew: true, touched };
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
    const pending = this.#sql.pending.get() as { workspace: string; token: string } | undefined;
    const stored = pending && driveSteps(erasure(pending.workspace, pending.token), this.#tables.access.rows);
    if (stored) return this.#run(this.#jobOf(stored), now, null);
    const again = this.#sql.again.get() as { key: string; asked: number } | undefined;
    return again ? this.#runAgain(again, now) : null;
  }

  #jobOf({ workspace, token, found }: StoredErasure): Job {
    const key = `${workspace} ${token}`;
    const known = this.#jobs.get(key);
    if (known) return known;
    const job: Job = { erasure: { workspace, token }, campaigns: new Set(), contacts: new Set(), found };
    this.#jobs.set(key, job);
    return job;
  }

  /** @param number `null` after a restart, when nobody knows it any more */
  *#run(job: Job, now: number, number: string | null): Generator<Touched[], void> {
    const { workspace, token } = job.erasure;
    if (number !== null) yield* this.#find(job, number, now);
    yield* this.#dropUnassigned(job);
    for (const key of this.#keysOf(workspace)) yield* this.#scan(job, key, now);
    this.#emptyLog();
    this.#note(job, now);
    this.#jobs.delete(`${workspace} ${token}`);
  }

  /** What the tables find by the number itself. */
  *#find(job: Job, number: string, now: number): Generator<Touched[], void> {
    let touched: Touched[] = [];
    let startedAt = performance.now();
    for (const key of this.#keysOf(job.erasure.workspace)) {
      touched.push(...this.#rewriteFound(job, key, number, now));
      if (performance.now() - startedAt < CHUNK_MS) continue;
      yield touched;
      touched = [];
      startedAt = performance.now();
    }
    this.#note(job, null);
    yield touched;
  }

  *#runAgain({ key, asked }: { key: string; asked: number }, now: number): Generator<Touched[], void> {
    yield* this.#scan(null, key, now);
    this.#sql.done.run(key, asked);
    this.#emptyLog();
  }

  /** Every call of a campaign, a chunk at a time. */
  *#scan(job: Job | null, key: string, now: number): Generator<Touched[], void> {
    for (let after = ''; ; ) {
      const live = this.#tables.campaigns.get(key, now);
      const eraser = live && this.#tables.erasures.of(live.workspace);
      if (!live || !eraser) return;
      const page = this.#sql.page.all(key, after, CHUNK) as { row: string }[];
      if (page.length === 0) return;
      const startedAt = performance.now();
      const found: CallRow[] = [];
      for (const { row } of page) {
        if (performance.now() - startedAt > CHUNK_MS) break;
        found.push(...this.#tables.rows.read(key, { ...nothing, rows: [row] }).calls);
        after = row;
      }
      yield this.#count(job, key, this.#rewriting.rewrite(live, found, eraser));
      if (job) this.#note(job, null);
    }
  }

  #rewriteFound(job: Job, key: string, number: string, now: number): Touched[] {
    const { campaigns, rows, erasures } = this.#tables;
    const ids = rows.read(key, { ...nothing, numbers: [number] }).numbers.get(number) ?? [];
    const contacts = rows.read(key, {
      ...nothing,
      contacts: [`number:${number}`, ...ids.map((id) => `id:${id}`)],
    }).contacts;
    const placed = contacts.flatMap(({ attempts }) => attempts.filter((attempt) => attempt.number === number));
    const unplaced = this.#sql.unplacedOf.all(key, number) as { row: string }[];
    const names = [...placed.map(({ call }) => call), ...unplaced.map(({ row }) => row)];
    if (names.length === 0) return [];
    const live = campaigns.get(key, now);
    const eraser = live && erasures.of(live.workspace);
    if (!live || !eraser) return [];
    const { calls } = rows.read(key, { ...nothing, rows: [...new Set(names)] });
    return this.#count(job, key, this.#rewriting.rewrite(live, calls, eraser));
  }

  #count(job: Job | null, key: string, rewritten: Rewritten | null): Touched[] {
    if (!rewritten) return [];
    this.#isInLog = true;
    if (job) {
      const { found } = job;
      const contacts = rewritten.contacts
        .map((contact) => `${key} ${contact}`)
        .filter((name) => !job.contacts.has(name));
      for (const name of contacts) job.contacts.add(name);
      job.found = {
        ...found,
        campaigns: found.campaigns + (job.campaigns.has(key) ? 0 : 1),
        calls: found.calls + rewritten.calls,
        events: found.events + rewritten.events,
        contacts: found.contacts + new Set(contacts).size,
      };
      job.campaigns.add(key);
    }
    return [rewritten.touched];
  }

  /** Callbacks without a campaign that name the number. */
  *#dropUnassigned(job: Job): Generator<Touched[], void> {
    const { access, erasures } = this.#tables;
    const { workspace } = job.erasure;
    const eraser = erasures.of(workspace);
    for (let after = 0; eraser; ) {
      const page = this.#sql.unassigned.all(workspace, after, CHUNK) as { id: number; query: string; body: string }[];
      const last = page.at(-1);
      if (!last) return;
      const named = page.filter((callback) => isOfErased(callback, eraser));
      access.inTransaction(() => {
        for (const { id } of named) this.#sql.dropUnassigned.run(id);
      });
      this.#isInLog ||= named.length > 0;
      job.found = { ...job.found, unassigned: job.found.unassigned + named.length };
      after = last.id;
      yield [];
    }
  }

  /** While somebody reads what is in it, it is tried again with the next step. */
  #emptyLog(): void {
    if (this.#isInLog) this.#isInLog = !emptyLog(this.#tables.db);
  }

  #note(job: Job, doneAt: number | null): void {
    const { access } = this.#tables;
    access.inTransaction(() => driveSteps(foundErased(job.erasure, job.found, doneAt), access.rows));
  }

  #keysOf(workspace: string): string[] {
    return (this.#sql.campaigns.all(workspace) as { key: string }[]).map(({ key }) => key);
  }
}
