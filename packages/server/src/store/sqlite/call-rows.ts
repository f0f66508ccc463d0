import {
  type CallRow,
  type Contact,
  type EventKey,
  type Found,
  type FoundEvents,
  fact,
  type Wanted,
} from '@ringside/core';
import { callRowOf, columnsOf, eventColumnsOf, type RowChanges, type StoredRow } from '../call-columns.ts';
import type { EndedCall, PlacedCall } from '../forecast-sample.ts';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

/** The rows of the embedded store that the fold reads and changes: calls, contacts, aliases, numbers, campaigns' events. */
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
      around: prepare('campaign-events-around'),
      putEvent: prepare('campaign-event-put'),
    };
  }

  /** Answers what the fold asks for. */
  read(campaign: string, wanted: Wanted): Found {
    const calls = [
      ...wanted.aliases.map((alias) => this.byAlias(campaign, alias)),
      ...wanted.rows.map((row) => callRow(this.#sql.byRow.get(campaign, row) as StoredRow | undefined)),
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
    const { events } = wanted;
    return { calls, numbers, contacts, ...(events && { events: this.#around(campaign, events) }) };
  }

  #around(campaign: string, wanted: readonly EventKey[]): FoundEvents {
    const found = wanted.map((key) => ({
      key,
      rows: (this.#sql.around.all(campaign, key) as { event_key: string | null }[]).flatMap(
        ({ event_key: stored }) => stored ?? [],
      ),
    }));
    return {
      known: found.filter(({ key, rows }) => rows.includes(key)).map(({ key }) => key),
      changes: found.flatMap(({ key, rows }) => rows.filter((stored) => stored !== key)),
    };
  }

  /** A call by any of its names. */
  byAlias(campaign: string, alias: string): CallRow | null {
    return callRow(this.#sql.byName.get(campaign, alias) as StoredRow | undefined);
  }

  /** Writes what a fold changed. */
  write(campaign: string, changes: RowChanges): void {
    for (const row of changes.removedCalls) this.#sql.remove.run(campaign, row);
    const country = fact(changes.state.campaign, 'defaultCountry');
    for (const call of changes.calls) this.#sql.put.run(campaign, call.row, ...Object.values(columnsOf(call, country)));
    for (const [alias, row] of changes.aliases) this.#sql.putAlias.run(campaign, alias, row);
    for (const key of changes.removedContacts) this.#sql.removeContact.run(campaign, key);
    for (const { key, attempts } of changes.contacts) {
      this.#sql.putContact.run(campaign, key, JSON.stringify(attempts));
    }
    for (const [number, ids] of changes.numbers) this.#sql.putNumber.run(campaign, number, JSON.stringify(ids));
    for (const event of changes.events) this.#sql.putEvent.run(campaign, ...Object.values(eventColumnsOf(event)));
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
    const rows = this.#sql.newest.all(campaign, limit) as unknown as StoredRow[];
    return rows.map(callRow).filter((row) => row !== null);
  }
}

function callRow(stored: StoredRow | undefined): CallRow | null {
  return stored ? callRowOf(stored) : null;
}
