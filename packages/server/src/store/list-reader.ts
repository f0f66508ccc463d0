import type { Call, Contact, LeadPreview, LeadRules } from '@ringside/protocol';
import type { MaskClass } from '../access/principal.ts';
import { CallLists } from './call-lists.ts';
import type { CallContext } from './call-view.ts';
import { campaignKey } from './campaign-key.ts';
import { ContactLists } from './contact-lists.ts';
import type { RetryRules } from './contact-view.ts';
import { CursorSeal } from './cursor-seal.ts';
import { callWriter, contactWriter } from './export-format.ts';
import { previewLeads } from './lead-preview.ts';
import { maskCall, maskContact, maskDetail } from './mask-numbers.ts';
import { reportAsOf } from './past-report.ts';
import type { CallKey, Place, ReadSource } from './read-source.ts';
import type {
  CallFilter,
  CallListQuery,
  CallResult,
  ContactFilter,
  ContactListQuery,
  ExportQuery,
  PageResult,
  PastReport,
} from './reads.ts';
import { StoredCalls } from './stored-calls.ts';

/** A piece of a file; `next` is where the following one begins, `null` after the last. */
export interface Piece<At> {
  readonly bytes: Uint8Array;
  readonly next: At | null;
}

const CONTACTS_OF_PIECE = 500;
const LOOKED_AT_FOR_PIECE = 10_000;

/** Lists, exports and past reports, from whatever store. */
export class ListReader {
  readonly #source: ReadSource;
  readonly #lists: CallLists;
  readonly #contacts: ContactLists;
  readonly #calls: StoredCalls;
  readonly #seal: CursorSeal;
  /** The past report that is folded last. */
  #past: Promise<unknown> = Promise.resolve();

  /** @param cursorKey 32 bytes in hex; every node of a store has the same */
  constructor(source: ReadSource, cursorKey: string) {
    this.#source = source;
    this.#lists = new CallLists(source);
    this.#contacts = new ContactLists(source);
    this.#calls = new StoredCalls(source);
    this.#seal = new CursorSeal(Buffer.from(cursorKey, 'hex'));
  }

  async calls(workspace: string, id: string, query: CallListQuery): Promise<PageResult<Call>> {
    const campaign = campaignKey(workspace, id);
    const context = await this.#source.context(campaign);
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
    return { outcome: 'page', items: await this.#show(campaign, shown, context, mask === 'masked'), nextCursor };
  }

  async call(workspace: string, id: string, callId: string, mask: CallListQuery['mask']): Promise<CallResult> {
    const campaign = campaignKey(workspace, id);
    const context = await this.#source.context(campaign);
    if (!context) return { outcome: 'no-campaign' };
    const call = await this.#calls.detail(campaign, callId, context);
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
    const context = await this.#source.context(campaign);
    if (!context) return null;
    const { keys, next } = await this.#lists.piece(campaign, filter, after);
    const items = await this.#show(campaign, keys, context, mask === 'masked');
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

  previewLeadRules(
    workspace: string,
    rules: LeadRules,
    campaignId: string | null,
    mask: MaskClass,
  ): Promise<LeadPreview> {
    return previewLeads(this.#source, { workspace, campaignId, mask }, rules);
  }

  /** One at a time, for all workspaces: each holds a whole campaign in memory. */
  reportAsOf(workspace: string, campaignId: string, at: number, recent: number): Promise<PastReport> {
    const fold = () => reportAsOf(this.#source, { workspace, campaignId, at, recent });
    const folded = this.#past.then(fold, fold);
    this.#past = folded;
    return folded;
  }

  async #show(campaign: string, keys: readonly CallKey[], context: CallContext, masked: boolean): Promise<Call[]> {
    const calls = await this.#calls.byKeys(campaign, keys, context);
    return masked ? calls.map(maskCall) : calls;
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
