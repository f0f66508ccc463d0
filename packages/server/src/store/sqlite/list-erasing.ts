import type { Eraser } from '@ringside/core';
import type { Touched } from '../../ingest/receipt.ts';
import { foundMore } from '../access/erasures.ts';
import { driveSteps } from '../access/steps.ts';
import type { Page } from '../dialing/contacts.ts';
import { eraseContacts, erasedOnList, eraseSuppressed, placeOnList } from '../dialing/erasing.ts';
import { CHUNK } from '../privacy/chunks.ts';
import { type ErasureJob, nothingFound } from '../privacy/erasure-count.ts';
import type { Tables } from './apply.ts';

/** Erases numbers from the lists that campaigns are dialed by, and from the list of those that nobody may call. */
export class ListErasing {
  readonly #tables: Pick<Tables, 'access' | 'erased'>;
  /** Called when something was overwritten. */
  readonly #onErased: () => void;

  constructor(tables: Pick<Tables, 'access' | 'erased'>, onErased: () => void) {
    this.#tables = tables;
    this.#onErased = onErased;
  }

  /** What is found by the number itself. */
  find(job: ErasureJob, key: string, number: string): void {
    const { access, erased } = this.#tables;
    const eraser = erased.of(job.erasure.workspace);
    const found = driveSteps(placeOnList(key, number), access.rows);
    if (eraser) this.#erase({ job, key, eraser }, found);
  }

  /** Every contact of a campaign's list, a chunk at a time. */
  *scan(job: ErasureJob | null, key: string, workspace: string): Generator<Touched[], void> {
    const { access, erased } = this.#tables;
    for (let after = 0; ; ) {
      const eraser = erased.of(workspace);
      if (!eraser) return;
      const { found, last } = driveSteps(erasedOnList(key, eraser, { after, limit: CHUNK }), access.rows);
      if (last === null) return;
      this.#erase({ job, key, eraser }, found);
      after = last;
      yield [];
    }
  }

  /** The numbers that nobody may call. */
  *suppressed(job: ErasureJob): Generator<Touched[], void> {
    const { access, erased } = this.#tables;
    const { workspace } = job.erasure;
    const eraser = erased.of(workspace);
    for (let after: string | null = ''; eraser && after !== null; ) {
      const page: Page<string> = { after, limit: CHUNK };
      const done = access.inTransaction(() => {
        const { found, last } = driveSteps(eraseSuppressed(workspace, eraser, page), access.rows);
        if (found > 0) driveSteps(foundMore(job.erasure, { ...nothingFound, doNotCall: found }), access.rows);
        return { found, last };
      });
      if (done.found > 0) this.#onErased();
      after = done.last;
      yield [];
    }
  }

  /** In one transaction. */
  #erase(
    { job, key, eraser }: { readonly job: ErasureJob | null; readonly key: string; readonly eraser: Eraser },
    positions: readonly number[],
  ): void {
    if (positions.length === 0) return;
    const { access } = this.#tables;
    const contacts = access.inTransaction(() => {
      const keys = driveSteps(eraseContacts(key, positions, eraser), access.rows);
      const found = job?.count.of(key, { calls: 0, events: 0, contacts: keys });
      if (job && found) driveSteps(foundMore(job.erasure, found), access.rows);
      return keys;
    });
    job?.count.keep(key, { contacts });
    this.#onErased();
  }
}
