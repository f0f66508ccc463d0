import { type Attempt, type CallDelivery, callFromText, deliveryFromText } from '@ringside/core';
import type { Call, CallDetail } from '@ringside/protocol';
import { deliveryRecords, type StoredDelivery, timelineOf } from './call-timeline.ts';
import { type CallContext, callView } from './call-view.ts';
import type { CallKey, ReadSource, StoredCall } from './read-source.ts';

/** Single calls as the API shows them. */
export class StoredCalls {
  readonly #source: Pick<ReadSource, 'calls' | 'callByName' | 'deliveries'>;

  constructor(source: Pick<ReadSource, 'calls' | 'callByName' | 'deliveries'>) {
    this.#source = source;
  }

  /** Calls by their keys, without those that have been joined with another in the meantime. */
  async byKeys(campaign: string, keys: readonly CallKey[], context: CallContext): Promise<Call[]> {
    return (await this.#source.calls(campaign, keys)).map((stored) => show(stored, context));
  }

  /** A call by any of its names, with everything that was said about it. */
  async detail(campaign: string, name: string, context: CallContext): Promise<CallDetail | null> {
    const found = await this.#source.callByName(campaign, name);
    if (!found) return null;
    const stored = await this.#deliveries(campaign, found.seqs);
    return {
      ...show(found, context),
      events: timelineOf(stored, context.currency),
      deliveries: deliveryRecords(stored),
    };
  }

  async #deliveries(campaign: string, seqs: string): Promise<StoredDelivery[]> {
    const rows = await this.#source.deliveries(campaign, seqs);
    return rows.map(({ seq, received_at: receivedAt, delivery, raw }) => ({
      seq,
      receivedAt,
      delivery: deliveryFromText(delivery) as CallDelivery,
      raw,
    }));
  }
}

function show({ call_row: row, contact_key: contact, record, attempts }: StoredCall, context: CallContext): Call {
  const known: Attempt[] = attempts === null ? [] : JSON.parse(attempts);
  return callView({ row, contact, call: callFromText(record), attempts: known }, context);
}
