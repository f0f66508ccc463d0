import {
  addRollup,
  type CallRow,
  type CampaignState,
  type Contact,
  type Delivery,
  drive,
  emptyRollup,
  type Found,
  fold,
  newCampaignState,
  type Rollup,
  type Wanted,
} from '@ringside/core';

/** One campaign in maps, kept by the real fold: what a store would hold at that moment. */
export class BenchCampaign {
  state: CampaignState = newCampaignState;
  readonly rollup: Rollup = emptyRollup();
  readonly #calls = new Map<string, CallRow>();
  readonly #contacts = new Map<string, Contact>();

  apply(deliveries: readonly Delivery[]): void {
    const changes = drive(fold(this.state, deliveries), (wanted) => this.#read(wanted));
    for (const row of changes.calls) this.#calls.set(row.row, row);
    for (const contact of changes.contacts) this.#contacts.set(contact.key, contact);
    addRollup(this.rollup, changes.delta);
    this.state = changes.state;
  }

  /** The newest ended calls, as an index by end time would give them, with their contacts. */
  newestEnded(count: number): { row: CallRow; contact: Contact | undefined }[] {
    return this.#withContacts((row) => row.call.ended?.at ?? null).slice(0, count);
  }

  live(): { row: CallRow; contact: Contact | undefined }[] {
    return this.#withContacts((row) => (row.call.ended ? null : 0));
  }

  /** @param order newest first; `null` leaves a call out */
  #withContacts(order: (row: CallRow) => number | null): { row: CallRow; contact: Contact | undefined }[] {
    return [...this.#calls.values()]
      .map((row) => ({ row, at: order(row) }))
      .filter(({ at }) => at !== null)
      .sort((a, b) => (b.at ?? 0) - (a.at ?? 0))
      .map(({ row }) => ({ row, contact: this.#contacts.get(row.contact ?? '') }));
  }

  /** Each call keeps one alias and each contact one id, so nothing is ever renamed or joined. */
  #read(wanted: Wanted): Found {
    const rows = [...wanted.aliases, ...wanted.rows].map((row) => this.#calls.get(row));
    const contacts = wanted.contacts.map((key) => this.#contacts.get(key));
    return {
      calls: rows.filter((row) => row !== undefined),
      numbers: new Map(),
      contacts: contacts.filter((contact) => contact !== undefined),
    };
  }
}
