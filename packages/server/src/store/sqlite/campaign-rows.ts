import { type CallDelivery, deliveryFromText, deliveryToText } from '@ringside/core';
import type { CampaignRows } from '../privacy/campaign-work.ts';
import type { Bases } from './bases.ts';
import type { CallRows } from './call-rows.ts';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

/** Answers work on the rows of any campaign; to be used inside a transaction. */
export function campaignRowsOver(db: Database, calls: CallRows, bases: Bases): (campaign: string) => CampaignRows {
  const sql = {
    unplaced: db.prepare(sqlText('calls-unplaced-of-number')),
    removeAlias: db.prepare(sqlText('alias-remove')),
    removeNumber: db.prepare(sqlText('number-remove')),
    events: db.prepare(sqlText('events-by-seqs')),
    rewriteEvent: db.prepare(sqlText('event-rewrite')),
    removeEvent: db.prepare(sqlText('event-remove')),
  };
  return (campaign) => ({
    read: (wanted) => calls.read(campaign, wanted),
    unplacedOf: (numbers) =>
      numbers.flatMap((number) => (sql.unplaced.all(campaign, number) as { row: string }[]).map(({ row }) => row)),
    write: (changes) => calls.write(campaign, changes),
    remove(removal, state) {
      calls.write(campaign, { ...removal, state, calls: [], aliases: [], events: [] });
      for (const alias of removal.removedAliases) sql.removeAlias.run(campaign, alias);
      for (const number of removal.removedNumbers) sql.removeNumber.run(campaign, number);
    },
    deliveries(seqs) {
      const rows = sql.events.all(campaign, JSON.stringify(seqs)) as { seq: number; delivery: string }[];
      return rows.map(({ seq, delivery }) => ({ seq, delivery: deliveryFromText(delivery) as CallDelivery }));
    },
    rewriteDeliveries(deliveries) {
      for (const { seq, delivery } of deliveries) sql.rewriteEvent.run(campaign, seq, deliveryToText(delivery));
    },
    removeDeliveries(seqs) {
      for (const seq of seqs) sql.removeEvent.run(campaign, seq);
    },
    base: (minutes) => bases.read(campaign, minutes),
    putBase: (change) => bases.put(campaign, change),
  });
}
