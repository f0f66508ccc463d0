import {
  type CallRow,
  type CampaignEvent,
  type Changes,
  callFromText,
  callToText,
  eventKey,
  factsOf,
  numberOf,
  spanOf,
} from '@ringside/core';

/** The part of a fold's changes that are rows. */
export type RowChanges = Pick<
  Changes,
  'state' | 'calls' | 'removedCalls' | 'aliases' | 'contacts' | 'removedContacts' | 'numbers' | 'events'
>;

/** A call as a store keeps it; texts are JSON. */
export interface StoredRow {
  readonly call_row: string;
  readonly contact_key: string | null;
  readonly seqs: string;
  readonly record: string;
}

/** What a call's row holds beside its keys. What lists are filtered by follows from the record. */
export function columnsOf({ seqs, contact, call }: CallRow, country: string | null) {
  const facts = factsOf(call);
  return {
    contact,
    startedAt: facts.startedAt,
    endedAt: facts.endedAt,
    lastAt: spanOf(call).last,
    seqs: JSON.stringify(seqs),
    record: callToText(call),
    outcome: facts.outcome,
    lead: facts.lead,
    code: call.ended?.value.code ?? null,
    answeredBy: facts.machine ? 'machine' : facts.human ? 'human' : null,
    talk: facts.talkSeconds,
    number: numberOf(call, country),
  } as const;
}

export function callRowOf({ call_row: row, contact_key: contact, seqs, record }: StoredRow): CallRow {
  return { row, contact, seqs: JSON.parse(seqs), call: callFromText(record) };
}

/** What the row of a campaign's own event holds. */
export function eventColumnsOf(event: CampaignEvent) {
  return { key: eventKey(event), isChange: event.type === 'change' ? 1 : 0, entry: JSON.stringify(event) } as const;
}
