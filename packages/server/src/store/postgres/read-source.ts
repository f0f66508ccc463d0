import { type BaseRollup, type Contact, fact } from '@ringside/core';
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
import { contactsByKeys } from './call-rows.ts';
import type { LiveCampaigns } from './live-campaigns.ts';
import type { Session } from './session.ts';

/** What is read of PostgreSQL, each by a statement of its own. */
export class PostgresReadSource implements ReadSource {
  readonly #session: Session;
  readonly #campaigns: LiveCampaigns;

  constructor(session: Session, campaigns: LiveCampaigns) {
    this.#session = session;
    this.#campaigns = campaigns;
  }

  async context(campaign: string): Promise<CallContext | null> {
    const live = await this.#campaigns.get(campaign, Date.now());
    if (!live) return null;
    const { campaign: said } = live.state;
    return { country: fact(said, 'defaultCountry'), currency: fact(said, 'currency') };
  }

  stretchEnd({ campaign, order, from, bound, size }: StretchQuery): Promise<Place | null> {
    const name = order === 'asc' ? 'calls-stretch-up' : 'calls-stretch-down';
    return this.#session.row(name, campaign, from.end, from.id, bound, size - 1);
  }

  keys({ campaign, filter, sort, order, unknown, low, high, after, limit }: KeysQuery): Promise<CallKey[]> {
    const { outcomes, leads, code, digits, minTalk, maxTalk, answeredBy } = filter;
    return this.#session.rows(
      'call-keys',
      ...[campaign, sort, unknown, order === 'asc' ? 1 : -1],
      ...[low.end, low.id, high.end, high.id],
      ...[outcomes, leads, code, digits, minTalk, maxTalk, answeredBy],
      ...[after?.sort ?? null, after?.id ?? null, limit],
    );
  }

  async calls(campaign: string, keys: readonly CallKey[]): Promise<StoredCall[]> {
    const wanted = keys.map(({ row }) => row);
    const found = await this.#session.rows<StoredCall>('calls-shown', campaign, wanted);
    const byRow = new Map(found.map((call) => [call.call_row, call]));
    return wanted.flatMap((row) => byRow.get(row) ?? []);
  }

  async callByName(campaign: string, name: string): Promise<StoredCall | null> {
    const found = await this.#session.row<{ call_row: string }>('call-row-by-name', campaign, name);
    return found && this.#session.row<StoredCall>('calls-shown', campaign, [found.call_row]);
  }

  deliveries(campaign: string, seqs: string): Promise<StoredEvent[]> {
    return this.#session.rows('events-by-seqs', campaign, JSON.parse(seqs));
  }

  async contactsPage(campaign: string, after: string, limit: number): Promise<StoredContact[]> {
    const page = await this.#session.rows<StoredContact>('contacts-page', campaign, after, limit);
    return page.map((contact) => ({ ...contact, leads: contact.leads ?? '[]' }));
  }

  listPage(campaign: string, after: string, limit: number): Promise<ListedContact[]> {
    return this.#session.rows('list-page', campaign, after, limit);
  }

  async records(campaign: string, rows: readonly string[]): Promise<string[]> {
    const found = await this.#session.rows<StoredCall>('calls-by-rows', campaign, rows);
    const byRow = new Map(found.map(({ call_row: row, record }) => [row, record]));
    return rows.flatMap((row) => byRow.get(row) ?? []);
  }

  contacts(campaign: string, keys: readonly string[]): Promise<readonly Contact[]> {
    return contactsByKeys(this.#session, campaign, keys);
  }

  newestCalls(campaign: string, limit: number): Promise<Omit<StoredCall, 'attempts'>[]> {
    return this.#session.rows('calls-newest', campaign, limit);
  }

  async newestCampaigns(workspace: string, limit: number): Promise<string[]> {
    const sql = 'SELECT campaign_id AS id FROM campaigns WHERE workspace = $1 ORDER BY created_at DESC LIMIT $2';
    return (await this.#session.query<{ id: string }>(sql, workspace, limit)).map(({ id }) => id);
  }

  base(campaign: string): Promise<BaseRollup | null> {
    return loadBase(this.#session, campaign);
  }

  async eventCount(campaign: string, most: number): Promise<number> {
    return (await this.#session.row<{ count: number }>('events-count', campaign, most))?.count ?? 0;
  }

  events(campaign: string, after: number, limit: number): Promise<{ seq: number; delivery: string }[]> {
    return this.#session.rows('events-of-campaign', campaign, after, limit);
  }
}
