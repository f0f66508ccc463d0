import {
  addRollup,
  type CallRow,
  drive,
  type Eraser,
  emptyRollup,
  eraseNumber,
  fact,
  fold,
  isErased,
  isErasedPair,
  isToErase,
  withCompanions,
  withoutCalls,
} from '@ringside/core';
import type { Touched } from '../../ingest/receipt.ts';
import type { Tables } from './apply.ts';
import type { LiveCampaign } from './campaigns.ts';
import { DeliveryRows } from './delivery-rows.ts';
import { Removals } from './removals.ts';

/** What one campaign's rewriting came to. */
export interface Rewritten {
  readonly calls: number;
  readonly events: number;
  /** Keys of their contacts, as they are now. */
  readonly contacts: readonly string[];
  readonly touched: Touched;
}

/** Rewrites stored calls without the numbers that their workspace erased. */
export class Rewriting {
  readonly #tables: Tables;
  readonly #removals: Removals;
  readonly #deliveries: DeliveryRows;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#removals = new Removals(tables.db, tables.rows);
    this.#deliveries = new DeliveryRows(tables.db);
  }

  /**
   * Rewrites those of the given calls that name an erased number, in one transaction: their deliveries, and by folding
   * these again everything that follows from them. So it is the same as if the number had never been told.
   * @returns `null` when none does
   */
  rewrite(live: LiveCampaign, candidates: readonly CallRow[], eraser: Eraser): Rewritten | null {
    const { db, campaigns, rows } = this.#tables;
    const country = fact(live.state.campaign, 'defaultCountry');
    const concerned = candidates.filter(({ call }) => isToErase(call, eraser, country));
    if (concerned.length === 0) return null;
    const read = (wanted: Parameters<typeof rows.read>[1]) => rows.read(live.key, wanted);
    const all = drive(withCompanions(concerned, eraser), read);
    let contacts: string[] = [];
    db.exec('BEGIN IMMEDIATE');
    try {
      const removal = drive(
        withoutCalls(all, country, (number, id) => isErasedPair(number, id, eraser)),
        read,
      );
      this.#removals.write(live.key, live.state, removal);
      const deliveries = this.#rewriteDeliveries(live, all, concerned, eraser);
      const changes = drive(
        fold(
          live.state,
          deliveries.map(({ delivery }) => delivery),
          deliveries.map(({ seq }) => seq),
        ),
        read,
      );
      rows.write(live.key, { ...changes, state: live.state });
      const ofErased = changes.calls.filter(({ call }) => isErased(call));
      contacts = ofErased.flatMap(({ contact }) => contact ?? []);
      const delta = emptyRollup();
      addRollup(delta, removal.delta);
      addRollup(delta, changes.delta);
      const state = { ...live.state, version: live.state.version + 1 };
      const written = [{ live, state, delta }];
      campaigns.write(written);
      db.exec('COMMIT');
      campaigns.commit(written);
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
    live.recent = null;
    live.forecasts.sample = null;
    return {
      calls: concerned.length,
      events: concerned.reduce((sum, { seqs }) => sum + seqs.length, 0),
      contacts,
      touched: { workspace: live.workspace, campaignId: live.campaignId, version: live.state.version },
    };
  }

  #rewriteDeliveries(live: LiveCampaign, all: readonly CallRow[], concerned: readonly CallRow[], eraser: Eraser) {
    const country = fact(live.state.campaign, 'defaultCountry');
    const ofErased = new Set(concerned.flatMap(({ seqs }) => seqs));
    const stored = this.#deliveries.bySeqs(
      live.key,
      all.flatMap(({ seqs }) => seqs),
    );
    return stored.map(({ seq, delivery }) => {
      if (!ofErased.has(seq)) return { seq, delivery };
      const rewritten = { seq, delivery: eraseNumber(delivery, eraser, { country, ofErased: true }) };
      this.#deliveries.rewrite(live.key, rewritten);
      return rewritten;
    });
  }
}
