import { type BaseRollup, type CampaignState, type Contact, fact } from '@ringside/core';
import type { CallContext } from '../call-view.ts';
import type {
  CallKey,
  KeysQuery,
  ListedContact,
  Place,
  ReadSource,
  StoredCall,
  StoredContact,
  StoredEvent,
  StretchQuery,
} from '../read-source.ts';
import { loadBase } from './bases.ts';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

/** What is read of the embedded store, each by a statement of its own. */
export class SqliteReadSource implements ReadSource {
  readonly #db: Database;
  readonly #sql;

  constructor(db: Database) {
    this.#db = db;
    const prepare = (name: string) => db.prepare(sqlText(name));
    this.#sql = {
      state: db.prepare('SELECT state FROM campaigns WHERE campaign_key = ?'),
      up: prepare('calls-stretch-up'),
      down: prepare('calls-stretch-down'),
      keys: prepare('call-keys'),
      byId: prepare('call-by-id'),
      idByName: prepare('call-id-by-alias'),
      deliveries: prepare('events-by-seqs'),
      contacts: prepare('contacts-page'),
      listed: prepare('list-page'),
      byRow: prepare('call-by-row'),
      contact: prepare('contact-by-key'),
      newest: prepare('calls-newest'),
      campaigns: db.prepare(
        'SELECT campaign_id AS id FROM campaigns WHERE workspace = ? ORDER BY created_at DESC LIMIT ?',
      ),
      events: prepare('events-of-campaign'),
      eventCount: prepare('events-count'),
    };
  }

  context(campaign: string): CallContext | null {
    const row = this.#sql.state.get(campaign) as { state: string } | undefined;
    if (!row) return null;
    const state: CampaignState = JSON.parse(row.state);
    return { country: fact(state.campaign, 'defaultCountry'), currency: fact(state.campaign, 'currency') };
  }

  stretchEnd({ campaign, order, from, bound, size }: StretchQuery): Place | null {
    const sql = order === 'asc' ? this.#sql.up : this.#sql.down;
    return (sql.get(campaign, from.end, from.id, bound, size - 1) as Place | undefined) ?? null;
  }

  keys({ campaign, filter, sort, order, unknown, low, high, after, limit }: KeysQuery): CallKey[] {
    return this.#sql.keys.all({
      campaign,
      sort,
      unknown,
      sign: order === 'asc' ? 1 : -1,
      lowEnd: low.end,
      lowId: low.id,
      highEnd: high.end,
      highId: high.id,
      outcomes: filter.outcomes && JSON.stringify(filter.outcomes),
      leads: filter.leads && JSON.stringify(filter.leads),
      code: filter.code,
      digits: filter.digits,
      minTalk: filter.minTalk,
      maxTalk: filter.maxTalk,
      answeredBy: filter.answeredBy,
      afterSort: after?.sort ?? null,
      afterId: after?.id ?? null,
      limit,
    }) as unknown as CallKey[];
  }

  calls(_campaign: string, keys: readonly CallKey[]): StoredCall[] {
    return keys.flatMap(({ id }) => (this.#sql.byId.get(id) as StoredCall | undefined) ?? []);
  }

  callByName(campaign: string, name: string): StoredCall | null {
    const found = this.#sql.idByName.get(campaign, name) as { id: number } | undefined;
    return (found && (this.#sql.byId.get(found.id) as StoredCall | undefined)) ?? null;
  }

  deliveries(campaign: string, seqs: string): StoredEvent[] {
    return this.#sql.deliveries.all(campaign, seqs) as unknown as StoredEvent[];
  }

  contactsPage(campaign: string, after: string, limit: number): StoredContact[] {
    return this.#sql.contacts.all(campaign, after, limit) as unknown as StoredContact[];
  }

  listPage(campaign: string, after: string, limit: number): ListedContact[] {
    return this.#sql.listed.all(campaign, after, limit) as unknown as ListedContact[];
  }

  records(campaign: string, rows: readonly string[]): string[] {
    return rows.flatMap((row) => (this.#sql.byRow.get(campaign, row) as { record: string } | undefined)?.record ?? []);
  }

  contacts(campaign: string, keys: readonly string[]): Contact[] {
    return keys.flatMap((key) => {
      const row = this.#sql.contact.get(campaign, key) as { attempts: string } | undefined;
      return row ? [{ key, attempts: JSON.parse(row.attempts) }] : [];
    });
  }

  newestCalls(campaign: string, limit: number): Omit<StoredCall, 'attempts'>[] {
    return this.#sql.newest.all(campaign, limit) as unknown as StoredCall[];
  }

  newestCampaigns(workspace: string, limit: number): string[] {
    return (this.#sql.campaigns.all(workspace, limit) as { id: string }[]).map(({ id }) => id);
  }

  base(campaign: string): BaseRollup | null {
    return loadBase(this.#db, campaign);
  }

  eventCount(campaign: string, most: number): number {
    return (this.#sql.eventCount.get(campaign, most) as { count: number }).count;
  }

  events(campaign: string, after: number, limit: number): { seq: number; delivery: string }[] {
    return this.#sql.events.all(campaign, after, limit) as { seq: number; delivery: string }[];
  }
}
