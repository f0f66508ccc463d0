import { type Attempt, type CallDelivery, callFromText, deliveryFromText } from '@ringside/core';
import type { Call, CallDetail } from '@ringside/protocol';
import { deliveryRecords, type StoredDelivery, timelineOf } from '../call-timeline.ts';
import { type CallContext, callView } from '../call-view.ts';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

interface CallData {
  readonly call_row: string;
  readonly contact_key: string | null;
  readonly seqs: string;
  readonly record: string;
  readonly attempts: string | null;
}

interface EventData {
  readonly seq: number;
  readonly received_at: number;
  readonly delivery: string;
  readonly raw: string | null;
}

/** Single calls as the API shows them. */
export class StoredCalls {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      byId: db.prepare(sqlText('call-by-id')),
      idByAlias: db.prepare(sqlText('call-id-by-alias')),
      events: db.prepare(sqlText('events-by-seqs')),
    };
  }

  /** A call by its row, `null` when it has been joined with another in the meantime. */
  byId(id: number, context: CallContext): Call | null {
    const data = this.#sql.byId.get(id) as CallData | undefined;
    return data ? show(data, context) : null;
  }

  /** A call by any of its names, with everything that was said about it. */
  detail(campaign: string, alias: string, context: CallContext): CallDetail | null {
    const found = this.#sql.idByAlias.get(campaign, alias) as { id: number } | undefined;
    const data = found && (this.#sql.byId.get(found.id) as CallData | undefined);
    if (!data) return null;
    const stored = this.#deliveries(campaign, data.seqs);
    return {
      ...show(data, context),
      events: timelineOf(stored, context.currency),
      deliveries: deliveryRecords(stored),
    };
  }

  #deliveries(campaign: string, seqs: string): StoredDelivery[] {
    const rows = this.#sql.events.all(campaign, seqs) as unknown as EventData[];
    return rows.map(({ seq, received_at: receivedAt, delivery, raw }) => ({
      seq,
      receivedAt,
      delivery: deliveryFromText(delivery) as CallDelivery,
      raw,
    }));
  }
}

function show({ call_row: row, contact_key: contact, record, attempts }: CallData, context: CallContext): Call {
  const known: Attempt[] = attempts === null ? [] : JSON.parse(attempts);
  return callView({ row, contact, call: callFromText(record), attempts: known }, context);
}
