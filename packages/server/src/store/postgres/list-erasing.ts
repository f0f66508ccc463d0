import type { Touched } from '../../ingest/receipt.ts';
import { foundMore } from '../access/erasures.ts';
import { driveStepsLater } from '../access/steps.ts';
import type { Fence } from '../among-nodes.ts';
import type { Page } from '../dialing/contacts.ts';
import { eraseContacts, erasedOnList, eraseSuppressed, placeOnList } from '../dialing/erasing.ts';
import { lockList } from '../dialing/list.ts';
import { CHUNK } from '../privacy/chunks.ts';
import { type ErasureJob, nothingFound } from '../privacy/erasure-count.ts';
import { holdFence } from './among-nodes.ts';
import type { ErasingParts } from './erasing.ts';
import type { CampaignName } from './live-campaigns.ts';
import { inTransaction, type Session, tryAgain } from './session.ts';

/** One list, and for which erasure it is looked through: `null` for all that there were. */
export interface ListToErase {
  readonly job: ErasureJob | null;
  readonly name: CampaignName;
  readonly fence: Fence | null;
}

/** Erases numbers from the lists that campaigns are dialed by, see the embedded store's. */
export class ListErasing {
  readonly #parts: Pick<ErasingParts, 'writes' | 'session' | 'erasures' | 'vacuuming'>;

  constructor(parts: Pick<ErasingParts, 'writes' | 'session' | 'erasures' | 'vacuuming'>) {
    this.#parts = parts;
  }

  /** What is found by the number itself. */
  async find(list: ListToErase, number: string): Promise<void> {
    await this.#erase(list, await driveStepsLater(placeOnList(list.name.key, number), this.#parts.session.step));
  }

  /** Every contact of a campaign's list, a chunk at a time. */
  async *scan(list: ListToErase): AsyncGenerator<Touched[], void> {
    const { session, erasures } = this.#parts;
    const { key, workspace } = list.name;
    // An upload that does not know of the erasure has ended when this has had its lock.
    await this.#change(list.fence, (own) => driveStepsLater(lockList(key), own.step));
    for (let after = 0; ; ) {
      const eraser = await erasures.current(session, workspace);
      if (!eraser) return;
      const steps = erasedOnList(key, eraser, { after, limit: CHUNK });
      const { found, last } = await driveStepsLater(steps, session.step);
      if (last === null) return;
      await this.#erase(list, found);
      after = last;
      yield [];
    }
  }

  /** The numbers that nobody may call. */
  async *suppressed(job: ErasureJob): AsyncGenerator<Touched[], void> {
    const { workspace } = job.erasure;
    const { session, erasures, vacuuming } = this.#parts;
    const eraser = await erasures.current(session, workspace);
    for (let after: string | null = ''; eraser && after !== null; ) {
      const page: Page<string> = { after, limit: CHUNK };
      const done = await this.#change(null, async (own) => {
        const erased = await driveStepsLater(eraseSuppressed(workspace, eraser, page), own.step);
        const more = { ...nothingFound, doNotCall: erased.found };
        if (erased.found > 0) await driveStepsLater(foundMore(job.erasure, more), own.step);
        return erased;
      });
      if (done.found > 0) vacuuming.want();
      after = done.last;
      yield [];
    }
  }

  /** In one transaction. */
  async #erase({ job, name, fence }: ListToErase, positions: readonly number[]): Promise<void> {
    const { session, erasures, vacuuming } = this.#parts;
    const eraser = await erasures.current(session, name.workspace);
    if (positions.length === 0 || !eraser) return;
    const contacts = await this.#change(fence, async (own) => {
      const keys = await driveStepsLater(eraseContacts(name.key, positions, eraser), own.step);
      const found = job?.count.of(name.key, { calls: 0, events: 0, contacts: keys });
      if (job && found) await driveStepsLater(foundMore(job.erasure, found), own.step);
      return keys;
    });
    job?.count.keep(name.key, { contacts });
    vacuuming.want();
  }

  #change<T>(fence: Fence | null, work: (session: Session) => Promise<T>): Promise<T> {
    return tryAgain(() =>
      inTransaction(this.#parts.writes, async (session) => {
        if (fence) await holdFence(session, fence);
        return work(session);
      }),
    );
  }
}
