import {
  type CallRow,
  type Changes,
  type Contact,
  callFromText,
  callToText,
  type Found,
  fact,
  factsOf,
  numberOf,
  spanOf,
  type Wanted,
} from '@ringside/core';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

interface StoredCall {
  readonly call_row: string;
  readonly contact_key: string | null;
  readonly seqs: string;
  readonly record: string;
}

/** A live call, as a forecast reads it. Times are epoch milliseconds. */
export interface PlacedCall {
  readonly call_row: string;
  readonly contact_key: string;
  readonly started_at: number;
}

/** An ended call, as a forecast reads it. */
export interface EndedCall extends Omit<PlacedCall, 'contact_key'> {
  readonly contact_key: string | null;
  readonly ended_at: number;
  readonly outcome: string;
  /** When its end announced another attempt for. */
  readonly due_at: number | null;
}

/** The part of a fold's changes that are rows. */
export type RowChanges = Pick<
  Changes,
  'state' | 'calls' | 'removedCalls' | 'aliases' | 'contacts' | 'removedContacts' | 'numbers'
>;

/** Calls, contacts, aliases and numbers of the embedded store: what the fold reads and what it changes. */
export class CallRows {
  readonly #sql;

  constructor(db: Database) {
    const prepare = (name: string) => db.prepare(sqlText(name));
    this.#sql = {
      byRow: prepare('call-by-row'),
      byName: prepare('call-by-name'),
      put: prepare('call-put'),
      remove: prepare('call-remove'),
      newest: prepare('calls-newest'),
      putAlias: prepare('alias-put'),
      contact: prepare('contact-by-key'),
      putContact: prepare('contact-put'),
      removeContact: prepare('contact-remove'),
      live: prepare('calls-live-of-campaign'),
      sample: prepare('calls-sample'),
      sampleAt: prepare('calls-sample-at'),
      lastAt: prepare('calls-last-at'),
      ids: prepare('number-ids'),
      putNumber: prepare('number-put'),
    };
  }

  /** Answers what the fold asks for. */
  read(campaign: string, wanted: Wanted): Found {
    const calls = [
      ...wanted.aliases.map((alias) => this.byAlias(campaign, alias)),
      ...wanted.rows.map((row) => callRow(this.#sql.byRow.get(campaign, row) as StoredCall | undefined)),
    ].filter((row) => row !== null);
    const numbers = new Map<string, readonly string[]>();
    for (const number of wanted.numbers) {
      const row = this.#sql.ids.get(campaign, number) as { contact_ids: string } | undefined;
      if (row) numbers.set(number, JSON.parse(row.contact_ids));
    }
    const contacts = wanted.contacts.flatMap((key): Contact[] => {
      const row = this.#sql.contact.get(campaign, key) as { attempts: string } | undefined;
      return row ? [{ key, attempts: JSON.parse(row.attempts) }] : [];
    });
    return { calls, numbers, contacts };
  }

  /** A call by any of its names. */
  byAlias(campaign: string, alias: string): CallRow | null {
    return callRow(this.#sql.byName.get(campaign, alias) as StoredCall | undefined);
  }

  /** Writes what a fold changed. */
  write(campaign: string, changes: RowChanges): void {
    for (const row of changes.removedCalls) this.#sql.remove.run(campaign, row);
    const country = fact(changes.state.campaign, 'defaultCountry');
    for (const { row, contact, seqs, call } of changes.calls) {
      const facts = factsOf(call);
      this.#sql.put.run(
        campaign,
        row,
        contact,
        facts.startedAt,
        facts.endedAt,
        spanOf(call).last,
        JSON.stringify(seqs),
        callToText(call),
        facts.outcome,
        facts.lead,
        call.ended?.value.code ?? null,
        facts.machine ? 'machine' : facts.human ? 'human' : null,
        facts.talkSeconds,
        numberOf(call, country),
      );
    }
    for (const [alias, row] of changes.aliases) this.#sql.putAlias.run(campaign, alias, row);
    for (const key of changes.removedContacts) this.#sql.removeContact.run(campaign, key);
    for (const { key, attempts } of changes.contacts) {
      this.#sql.putContact.run(campaign, key, JSON.stringify(attempts));
    }
    for (const [number, ids] of changes.numbers) this.#sql.putNumber.run(campaign, number, JSON.stringify(ids));
  }

  /** Calls without an end that were placed first, at most so many. */
  live(campaign: string, limit: number): PlacedCall[] {
    return this.#sql.live.all(campaign, limit) as unknown as PlacedCall[];
  }

  /** The calls that ended last, at least so many if there are, and with them those that ended when the last of them did. */
  sample(campaign: string, count: number): EndedCall[] {
    const newest = this.#sql.sample.all(campaign, count) as unknown as EndedCall[];
    const last = newest.at(-1);
    if (newest.length < count || !last) return newest;
    const alike = this.#sql.sampleAt.all(campaign, last.ended_at, count) as unknown as EndedCall[];
    return [...newest.filter((call) => call.ended_at !== last.ended_at), ...alike];
  }

  /** Latest `at` of any call of a campaign, 0 when it has none. */
  lastAt(campaign: string): number {
    return (this.#sql.lastAt.get(campaign) as { last_at: number }).last_at;
  }

  /** Calls that ended last, newest first. */
  newest(campaign: string, limit: number): CallRow[] {
    const rows = this.#sql.newest.all(campaign, limit) as unknown as StoredCall[];
    return rows.map(callRow).filter((row) => row !== null);
  }
}

function callRow(stored: StoredCall | undefined): CallRow | null {
  if (!stored) return null;
  return {
    row: stored.call_row,
    contact: stored.contact_key,
    seqs: JSON.parse(stored.seqs),
    call: callFromText(stored.record),
  };
}
