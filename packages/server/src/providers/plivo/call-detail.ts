import type { CallDelivery } from '@ringside/core';
import type { Effects } from '../../effects.ts';
import { readCallRecord } from './call-record.ts';
import { type PlivoAccount, PlivoReads, type ReadLimits } from './plivo-reads.ts';

/**
 * What the provider knows of a call. `none`: it has no record of it, and it is not live either. `unavailable`: it gave
 * no answer that can be relied on, so nothing follows. `refused`: it does not accept the account's id and token.
 */
export type CallDetail =
  | { readonly kind: 'ended'; readonly delivery: CallDelivery }
  | { readonly kind: 'live' | 'none' }
  | { readonly kind: 'unavailable' | 'refused'; readonly reason: string };

/** Reads call-detail records from Plivo's API. */
export class CallDetails {
  readonly #effects: Effects;
  readonly #reads: PlivoReads;

  constructor(account: PlivoAccount, effects: Effects, limits: Partial<ReadLimits> = {}) {
    this.#effects = effects;
    this.#reads = new PlivoReads(account, effects, limits);
  }

  /** Asks what became of a call. Never throws. @param id CallUUID, or RequestUUID where that is all we know */
  async find(id: string, signal: AbortSignal): Promise<CallDetail> {
    const path = `Call/${encodeURIComponent(id)}/`;
    const record = await this.#reads.get(path, signal);
    if (record.kind === 'found') {
      const meaning = readCallRecord(record.body, id, this.#effects.now());
      if (meaning.kind !== 'unreadable') return meaning;
      return { kind: 'unavailable', reason: `what Plivo answered ${meaning.why}` };
    }
    if (record.kind !== 'none') return record;
    // There is no record before the call is over: one that is live is in another list.
    const live = await this.#reads.get(`${path}?status=live`, signal);
    return live.kind === 'found' ? { kind: 'live' } : live;
  }
}
