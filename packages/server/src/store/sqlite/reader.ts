import { DatabaseSync } from '@photostructure/sqlite';
import { type CampaignState, fact } from '@ringside/core';
import type { Call, Contact, LeadPreview, LeadRules } from '@ringside/protocol';
import type { MaskClass } from '../../access/principal.ts';
import type { CallContext } from '../call-view.ts';
import type { RetryRules } from '../contact-view.ts';
import { callWriter, contactWriter } from '../export-format.ts';
import { maskCall, maskContact, maskDetail } from '../mask-numbers.ts';
import type {
  CallFilter,
  CallListQuery,
  CallResult,
  ContactFilter,
  ContactListQuery,
  ExportQuery,
  PageResult,
  PastReport,
} from '../reads.ts';
import { type CallKey, CallLists } from './call-lists.ts';
import type { Place } from './call-walk.ts';
import { campaignKey } from './campaigns.ts';
import { ContactLists } from './contact-lists.ts';
import { CursorSeal } from './cursor-seal.ts';
import { type Database, databasePath } from './database.ts';
import { previewLeads } from './lead-preview.ts';
import { reportAsOf } from './past-report.ts';
import { StoredCalls } from './stored-calls.ts';

/** A piece of a file; `next` is where the following one begins, `null` after the last. */
export interface Piece<At> {
  readonly bytes: Uint8Array;
  readonly next: At | null;
}

const CONTACTS_OF_PIECE = 500;
const LOOKED_AT_FOR_PIECE = 10_000;

/**
 * The reading side of the embedded store: a connection of its own, in a thread of its own, that can write nothing.
 * WAL lets it read while the other thread commits. Every statement is a transaction of its own.
 */
export class Reader {
  readonly #db: Database;
  readonly #lists: CallLists;
  readonly #contacts: ContactLists;
  readonly #calls: StoredCalls;
  readonly #seal: CursorSeal;
  readonly #state;

  constructor(dataDir: string) {
    this.#db = new DatabaseSync(databasePath(dataDir), { readOnly: true });
    this.#db.exec(`
      PRAGMA query_only = ON;
      PRAGMA busy_timeout = 2000;
      PRAGMA cache_size = -16384;
      PRAGMA temp_store = MEMORY;
    `);
    this.#lists = new CallLists(this.#db);
    this.#contacts = new ContactLists(this.#db);
    this.#calls = new StoredCalls(this.#db);
    this.#state = this.#db.prepare('SELECT state FROM campaigns WHERE campaign_key = ?');
    const key = this.#db.prepare("SELECT value FROM meta WHERE name = 'cursor-key'").get() as { value: string };
    this.#seal = new CursorSeal(Buffer.from(key.value, 'hex'));
  }

  async calls(workspace: string, id: string, query: CallListQuery): Promise<PageResult<Call>> {
    const campaign = campaignKey(workspace, id);
    const context = this.#contextOf(campaign);
    if (!context) return { outcome: 'no-campaign' };
    const { filter, sort, order, limit, cursor, mask } = query;
    const scope = JSON.stringify(['calls', campaign, filter, sort, order]);
    const place = cursor === null ? [] : this.#seal.open(cursor, scope);
    if (!place) return { outcome: 'bad-cursor' };
    const after = place.length === 0 ? null : { sort: Number(place[0]), id: Number(place[1]) };
    const keys = await this.#lists.keys({ campaign, filter, sort, order, after }, limit + 1);
    const shown = keys.slice(0, limit);
    const last = shown.at(-1);
    const nextCursor = keys.length > limit && last ? this.#seal.seal([last.sort, last.id], scope) : null;
    return { outcome: 'page', items: this.#show(shown, context, mask === 'masked'), nextCursor };
  }

  async call(workspace: string, id: string, callId: string, mask: CallListQuery['mask']): Promise<CallResult> {
    const campaign = campaignKey(workspace, id);
    const context = this.#contextOf(campaign);
    if (!context) return { outcome: 'no-campaign' };
    const call = this.#calls.detail(campaign, callId, context);
    if (!call) return { outcome: 'no-call' };
    if (mask === 'full') return { outcome: 'call', call };
    const masked = maskDetail(call);
    // Who may try ids that hide a number could find out every digit of it.
    const shown = [masked.callUUID, ...Object.values(masked.ids).flat()];
    return shown.includes(callId) ? { outcome: 'call', call: masked } : { outcome: 'no-call' };
  }

  /** @returns `null` for an unknown campaign */
  async callsPiece(
    workspace: string,
    id: string,
    { filter, format, mask }: ExportQuery<CallFilter>,
    after: Place | null,
  ): Promise<Piece<Place> | null> {
    const campaign = campaignKey(workspace, id);
    const context = this.#contextOf(campaign);
    if (!context) return null;
    const { keys, next } = await this.#lists.piece(campaign, filter, after);
    const items = this.#show(keys, context, mask === 'masked');
    return { bytes: bytesOf(callWriter(format).piece(items, after === null)), next };
  }

  async contacts(
    workspace: string,
    id: string,
    { filter, limit, cursor, mask }: ContactListQuery,
    rules: RetryRules,
  ): Promise<PageResult<Contact>> {
    const campaign = campaignKey(workspace, id);
    const scope = JSON.stringify(['contacts', campaign, filter]);
    const place = cursor === null ? [''] : this.#seal.open(cursor, scope);
    if (!place) return { outcome: 'bad-cursor' };
    const plan = { campaign, filter, rules, after: String(place[0]) };
    const { found } = await this.#contacts.next(plan, limit + 1);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const nextCursor = found.length > limit && last ? this.#seal.seal([last.key], scope) : null;
    const items = shown.map(({ contact }) => (mask === 'full' ? contact : maskContact(contact)));
    return { outcome: 'page', items, nextCursor };
  }

  async contactsPiece(
    workspace: string,
    id: string,
    { filter, format, mask }: ExportQuery<ContactFilter>,
    rules: RetryRules,
    after: string | null,
  ): Promise<Piece<string>> {
    const plan = { campaign: campaignKey(workspace, id), filter, rules, after: after ?? '' };
    const { found, next } = await this.#contacts.next(plan, CONTACTS_OF_PIECE, LOOKED_AT_FOR_PIECE);
    const items = found.map(({ contact }) => (mask === 'full' ? contact : maskContact(contact)));
    return { bytes: bytesOf(contactWriter(format).piece(items, after === null)), next };
  }

  previewLeadRules(workspace: string, rules: LeadRules, campaignId: string | null, mask: MaskClass): LeadPreview {
    return previewLeads(this.#db, { workspace, campaignId, mask }, rules);
  }

  reportAsOf(workspace: string, campaignId: string, at: number, recent: number): Promise<PastReport> {
    return reportAsOf(this.#db, { workspace, campaignId, at, recent });
  }

  /** How this very connection reads. */
  pragmas(): { query_only: number } {
    return this.#db.prepare('PRAGMA query_only').get() as { query_only: number };
  }

  close(): void {
    this.#db.close();
  }

  #show(keys: readonly CallKey[], context: CallContext, masked: boolean): Call[] {
    const calls = keys.flatMap(({ id }) => this.#calls.byId(id, context) ?? []);
    return masked ? calls.map(maskCall) : calls;
  }

  /** `null` for an unknown campaign. */
  #contextOf(campaign: string): CallContext | null {
    const row = this.#state.get(campaign) as { state: string } | undefined;
    if (!row) return null;
    const state: CampaignState = JSON.parse(row.state);
    return { country: fact(state.campaign, 'defaultCountry'), currency: fact(state.campaign, 'currency') };
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
