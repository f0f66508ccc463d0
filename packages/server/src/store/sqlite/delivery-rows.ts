import { type CallDelivery, deliveryFromText, deliveryToText } from '@ringside/core';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

/** A delivery about a call as it is stored. */
export interface NumberedDelivery {
  readonly seq: number;
  readonly delivery: CallDelivery;
}

/** Stored deliveries, for the two reasons to touch them: to rewrite them without a number, and to delete them. */
export class DeliveryRows {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      bySeqs: db.prepare(sqlText('events-by-seqs')),
      rewrite: db.prepare(sqlText('event-rewrite')),
      remove: db.prepare(sqlText('event-remove')),
    };
  }

  /** Those of one or more calls, oldest first. */
  bySeqs(campaign: string, seqs: readonly number[]): NumberedDelivery[] {
    const rows = this.#sql.bySeqs.all(campaign, JSON.stringify(seqs)) as { seq: number; delivery: string }[];
    return rows.map(({ seq, delivery }) => ({ seq, delivery: deliveryFromText(delivery) as CallDelivery }));
  }

  /** Puts a delivery in the place of another; what came in raw goes. */
  rewrite(campaign: string, { seq, delivery }: NumberedDelivery): void {
    this.#sql.rewrite.run(campaign, seq, deliveryToText(delivery));
  }

  remove(campaign: string, seqs: readonly number[]): void {
    for (const seq of seqs) this.#sql.remove.run(campaign, seq);
  }
}
