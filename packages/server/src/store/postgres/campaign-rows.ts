import { type CallDelivery, deliveryFromText, deliveryToText } from '@ringside/core';
import type { BaseChange, CampaignRows, NumberedDelivery } from '../privacy/campaign-work.ts';
import { loadBase, putBase } from './bases.ts';
import { readWanted, some, writeRows } from './call-rows.ts';
import type { Session } from './session.ts';

/** Answers work on the rows of a campaign; to write, inside a transaction that has locked it. */
export function campaignRows(session: Session, campaign: string): CampaignRows {
  return {
    read: (wanted) => readWanted(session, campaign, wanted),
    async unplacedOf(numbers) {
      const rows = await some(numbers, () =>
        session.rows<{ row: string }>('calls-unplaced-of-numbers', campaign, numbers),
      );
      return rows.map(({ row }) => row);
    },
    write: (changes) => writeRows(session, campaign, changes),
    async remove(removal, state) {
      const { removedAliases, removedNumbers } = removal;
      await Promise.all([
        writeRows(session, campaign, { ...removal, state, calls: [], aliases: [], events: [] }),
        some(removedAliases, () => session.rows('aliases-remove', campaign, removedAliases)),
        some(removedNumbers, () => session.rows('numbers-remove', campaign, removedNumbers)),
      ]);
    },
    async deliveries(seqs): Promise<NumberedDelivery[]> {
      const rows = await some(seqs, () =>
        session.rows<{ seq: number; delivery: string }>('events-by-seqs', campaign, seqs),
      );
      return rows.map(({ seq, delivery }) => ({ seq, delivery: deliveryFromText(delivery) as CallDelivery }));
    },
    async rewriteDeliveries(deliveries) {
      const texts = deliveries.map(({ delivery }) => deliveryToText(delivery));
      const seqs = deliveries.map(({ seq }) => seq);
      await some(deliveries, () => session.rows('events-rewrite', campaign, seqs, texts));
    },
    async removeDeliveries(seqs) {
      await some(seqs, () => session.rows('events-remove', campaign, seqs));
    },
    base: (minutes) => loadBase(session, campaign, minutes),
    putBase: (change: BaseChange) => putBase(session, campaign, change),
  };
}
