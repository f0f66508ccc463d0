import type { ErasedFound, StoredErasure } from '../access/records.ts';
import type { Rewritten } from './rewrite.ts';

export const nothingFound: ErasedFound = {
  ...{ campaigns: 0, calls: 0, events: 0, contacts: 0, unassigned: 0, doNotCall: 0 },
};

/** Which erasure. */
export type ErasureName = Pick<StoredErasure, 'workspace' | 'token'>;

/** The looking for one erased number. */
export interface ErasureJob {
  readonly erasure: ErasureName;
  readonly count: ErasureCount;
}

type Counted = Pick<Rewritten, 'calls' | 'events' | 'contacts'>;

/** Counts what the looking for one erased number finds: campaigns and contacts are met many times, but counted once. */
export class ErasureCount {
  readonly #campaigns = new Set<string>();
  readonly #contacts = new Set<string>();

  /** What a rewriting adds. It counts as met with {@link keep}, once it is committed. */
  of(campaign: string, { calls, events, contacts }: Counted): ErasedFound {
    const fresh = new Set(contacts.filter((contact) => !this.#contacts.has(`${campaign} ${contact}`)));
    const campaigns = this.#campaigns.has(campaign) ? 0 : 1;
    return { ...nothingFound, campaigns, calls, events, contacts: fresh.size };
  }

  keep(campaign: string, { contacts }: Pick<Counted, 'contacts'>): void {
    this.#campaigns.add(campaign);
    for (const contact of contacts) this.#contacts.add(`${campaign} ${contact}`);
  }
}
