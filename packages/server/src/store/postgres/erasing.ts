import type pg from 'pg';
import type { Touched } from '../../ingest/receipt.ts';
import { addErasure, allErasures, endErasure, erasure, foundMore } from '../access/erasures.ts';
import type { AuditNote, StoredErasure } from '../access/records.ts';
import { driveStepsLater } from '../access/steps.ts';
import type { Fence } from '../among-nodes.ts';
import { callRowOf, type StoredRow } from '../call-columns.ts';
import { driveWorkLater } from '../privacy/campaign-work.ts';
import { CHUNK, CHUNK_MS, SLICE } from '../privacy/chunks.ts';
import { ErasureCount, type ErasureJob, type ErasureName, nothingFound } from '../privacy/erasure-count.ts';
import { callsOfNumber, type Rewritten, rewrite, toErase } from '../privacy/rewrite.ts';
import type { Begun, ErasureWish } from '../store.ts';
import { campaignRows } from './campaign-rows.ts';
import type { ChangeOptions } from './campaign-writer.ts';
import { awaitHolders, type ErasureWatch } from './erasures.ts';
import { ListErasing } from './list-erasing.ts';
import type { CampaignName, LiveCampaigns } from './live-campaigns.ts';
import { inTransaction, type Session, tryAgain } from './session.ts';
import { nameOf } from './store-names.ts';
import { dropUnassigned, type UnassignedPage, unassignedOf } from './unassigned.ts';
import type { Vacuuming } from './vacuum.ts';
import type { WriteQueue } from './write-queue.ts';

/** What erasing works on. */
export interface ErasingParts {
  readonly writes: pg.Pool;
  /** For statements that stand alone. */
  readonly session: Session;
  readonly campaigns: LiveCampaigns;
  readonly queue: WriteQueue;
  readonly erasures: ErasureWatch;
  readonly vacuuming: Vacuuming;
}

type Chunks = AsyncGenerator<Touched[], void>;

/**
 * Erases numbers from what is stored, see the embedded store's. Several nodes may look through the same campaigns: each
 * rewrites what is left when it has locked a campaign. Why no number slips through: {@link ErasureWatch}.
 */
export class Erasing {
  readonly #parts: ErasingParts;
  readonly #lists: ListErasing;
  /** By token, of this run. */
  readonly #jobs = new Map<string, ErasureJob>();
  #work: Chunks | null = null;
  #fence: Fence | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: ErasingParts) {
    this.#parts = parts;
    this.#lists = new ListErasing(parts);
  }

  /** Begins an erasure; it is durable, and holds for everything that arrives from now on, on whatever node. */
  async begin(wish: ErasureWish, audit: AuditNote): Promise<Begun> {
    const { writes, erasures } = this.#parts;
    const { workspace, number, reason } = wish;
    const added = erasures.numbers.begun(wish, audit);
    const { token } = added;
    const known = await tryAgain(() =>
      inTransaction(writes, async (session) => {
        await awaitHolders(session, workspace);
        const stored = await driveStepsLater(erasure(workspace, token), session.step);
        const told = { ...audit, target: token, after: { reason } };
        if (!stored) await driveStepsLater(addErasure(added, told), session.step);
        return stored;
      }),
    );
    if (known) return { erasure: known, isNew: false, touched: [] };
    return this.#inTurn(async () => {
      // The number is known only now: what the tables find by it is done before anything else is.
      this.#work = this.#run(this.#jobOf(added), audit.at, number);
      // What begins an erasure may run on any node; the rest is done by one, which finds the same without the number.
      const { touched } = await this.#step(audit.at, null);
      return { erasure: (await this.#stored(added)) ?? added, isNew: true, touched };
    });
  }

  /** Looks through one chunk. @returns the campaigns it changed, and whether there is more to do */
  step(now: number, fence: Fence | null): Promise<{ touched: Touched[]; more: boolean }> {
    return this.#inTurn(() => this.#step(now, fence));
  }

  /** How many erasures were made with another secret key. */
  async foreign(): Promise<number> {
    const { session, erasures } = this.#parts;
    const all = await driveStepsLater(allErasures(), session.step);
    return all.filter((one) => !erasures.numbers.isOwn(one)).length;
  }

  /** One piece of work at a time, for the pieces share where they stand. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #step(now: number, fence: Fence | null): Promise<{ touched: Touched[]; more: boolean }> {
    this.#fence = fence;
    this.#work ??= await this.#next(now);
    if (!this.#work) return { touched: [], more: false };
    try {
      const { done, value } = await this.#work.next();
      if (!done) return { touched: value, more: true };
    } catch (error) {
      this.#work = null;
      throw error;
    }
    this.#work = null;
    return { touched: [], more: true };
  }

  async #next(now: number): Promise<Chunks | null> {
    const { session, vacuuming } = this.#parts;
    const [pending] = await session.query<ErasureName>(
      'SELECT workspace, token FROM erasures WHERE done_at IS NULL ORDER BY at, token LIMIT 1',
    );
    if (pending) return this.#run(this.#jobOf(pending), now, null);
    const [again] = await session.query<{ workspace: string; campaign_id: string; asked: number }>(
      `SELECT campaigns.workspace, campaigns.campaign_id, erasing.asked
       FROM erasing JOIN campaigns ON campaigns.campaign_key = erasing.campaign_key LIMIT 1`,
    );
    if (again) return this.#runAgain(nameOf(again.workspace, again.campaign_id), again.asked, now);
    return vacuuming.isDue(now) ? vacuuming.run(now) : null;
  }

  #stored({ workspace, token }: ErasureName): Promise<StoredErasure | null> {
    return driveStepsLater(erasure(workspace, token), this.#parts.session.step);
  }

  #jobOf({ workspace, token }: ErasureName): ErasureJob {
    const key = `${workspace} ${token}`;
    const job = this.#jobs.get(key) ?? { erasure: { workspace, token }, count: new ErasureCount() };
    this.#jobs.set(key, job);
    return job;
  }

  /** @param number `null` after a restart and on other nodes, where nobody knows it */
  async *#run(job: ErasureJob, now: number, number: string | null): Chunks {
    const { workspace, token } = job.erasure;
    if (number !== null) yield* this.#find(job, number, now);
    yield* this.#dropUnassigned(job);
    yield* this.#lists.suppressed(job);
    const sql = 'SELECT campaign_id FROM campaigns WHERE workspace = $1 ORDER BY campaign_key';
    for (const { campaign_id: id } of await this.#parts.session.query<{ campaign_id: string }>(sql, workspace)) {
      yield* this.#scan(job, nameOf(workspace, id), now);
    }
    await tryAgain(() => driveStepsLater(endErasure(job.erasure, now), this.#parts.session.step));
    this.#jobs.delete(`${workspace} ${token}`);
  }

  /** What the tables find by the number itself. */
  async *#find(job: ErasureJob, number: string, now: number): Chunks {
    const { session } = this.#parts;
    const { workspace } = job.erasure;
    let touched: Touched[] = [];
    let startedAt = performance.now();
    for (let after: string | null = ''; after !== null; ) {
      const page: { campaign_key: string; campaign_id: string }[] = await session.rows(
        'campaigns-of-number',
        ...[workspace, after, number, CHUNK],
      );
      for (const { campaign_id: id } of page) {
        const name = nameOf(workspace, id);
        const names = await driveWorkLater(callsOfNumber(number), campaignRows(session, name.key));
        touched.push(...(await this.#rewrite(job, name, names, now)));
        await this.#lists.find({ job, name, fence: this.#fence }, number);
        if (performance.now() - startedAt < CHUNK_MS) continue;
        yield touched;
        touched = [];
        startedAt = performance.now();
      }
      after = page.length < CHUNK ? null : (page.at(-1)?.campaign_key ?? null);
    }
    yield touched;
  }

  async *#runAgain(name: CampaignName, asked: number, now: number): Chunks {
    yield* this.#scan(null, name, now);
    const sql = 'DELETE FROM erasing WHERE campaign_key = $1 AND asked = $2';
    await this.#parts.session.query(sql, name.key, asked);
  }

  /** Everything of a campaign, a chunk at a time. */
  async *#scan(job: ErasureJob | null, name: CampaignName, now: number): Chunks {
    yield* this.#scanCalls(job, name, now);
    yield* this.#lists.scan({ job, name, fence: this.#fence });
  }

  /** Only where something is found is the campaign locked. */
  async *#scanCalls(job: ErasureJob | null, name: CampaignName, now: number): Chunks {
    const { session, campaigns, queue, erasures } = this.#parts;
    // Who wrote without knowing of the erasure has ended when this has had the lock.
    await queue.change(name, { now, fence: this.#fence, work: async () => null });
    for (let after = ''; ; ) {
      const live = await campaigns.get(name.key, now);
      const eraser = live && (await erasures.current(session, name.workspace));
      if (!live || !eraser) return;
      const page = await session.rows<StoredRow>('calls-page', name.key, after, CHUNK);
      const last = page.at(-1);
      if (!last) return;
      const found = toErase(page.map(callRowOf), eraser, live.state).map(({ row }) => row);
      after = last.call_row;
      yield this.#rewrite(job, name, found, now);
    }
  }

  async #rewrite(
    job: ErasureJob | null,
    name: CampaignName,
    names: readonly string[],
    now: number,
  ): Promise<Touched[]> {
    const touched: Touched[] = [];
    for (let at = 0; at < names.length; at += SLICE) {
      const change = await this.#rewriteSlice(job, name, names.slice(at, at + SLICE), now);
      if (change) touched.push(change);
    }
    return touched;
  }

  /** In one transaction. */
  async #rewriteSlice(
    job: ErasureJob | null,
    name: CampaignName,
    names: readonly string[],
    now: number,
  ): Promise<Touched | null> {
    const { queue, erasures, vacuuming } = this.#parts;
    const done: { rewritten: Rewritten | null } = { rewritten: null };
    const work: ChangeOptions['work'] = async (session, { state, lastErasure }) => {
      const eraser = await erasures.of(session, name.workspace, lastErasure);
      const rewritten =
        eraser && (await driveWorkLater(rewrite(names, state, eraser), campaignRows(session, name.key)));
      done.rewritten = rewritten;
      if (rewritten && job) {
        await driveStepsLater(foundMore(job.erasure, job.count.of(name.key, rewritten)), session.step);
      }
      return rewritten;
    };
    const touched = await queue.change(name, { now, fence: this.#fence, work });
    if (done.rewritten) job?.count.keep(name.key, done.rewritten);
    if (touched) vacuuming.want();
    return touched;
  }

  /** Callbacks without a campaign that name the number. */
  async *#dropUnassigned({ erasure: { workspace, token } }: ErasureJob): Chunks {
    const { session, writes, erasures, vacuuming } = this.#parts;
    const eraser = await erasures.current(session, workspace);
    for (let after: number | null = 0; eraser && after !== null; ) {
      const page: UnassignedPage = await unassignedOf(session, workspace, eraser, after);
      if (page.named.length > 0) {
        const gone = await tryAgain(() =>
          inTransaction(writes, async (own) => {
            const dropped = await dropUnassigned(own, page.named);
            await driveStepsLater(foundMore({ workspace, token }, { ...nothingFound, unassigned: dropped }), own.step);
            return dropped;
          }),
        );
        if (gone > 0) vacuuming.want();
      }
      after = page.last;
      yield [];
    }
  }
}
