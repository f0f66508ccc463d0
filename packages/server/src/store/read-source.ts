import type { BaseRollup, Contact } from '@ringside/core';
import type { CallContext } from './call-view.ts';
import type { CallFilter, CallSort, Order } from './reads.ts';

/** A store answers at once (SQLite, in a thread of its own) or later (PostgreSQL). */
export type Awaitable<T> = T | Promise<T>;

/** A place in the index of ends. */
export interface Place {
  /** Epoch milliseconds; a live call has the greatest of all. */
  readonly end: number;
  readonly id: number;
}

/** A call's place in a list: what it is sorted by, then its number. */
export interface CallKey extends Place {
  readonly sort: number;
  readonly row: string;
}

/** A stretch of the index, both ends included. */
export interface Stretch {
  readonly low: Place;
  readonly high: Place;
}

/** Where a stretch of `size` calls ends that begins at a place and goes no further than an end. */
export interface StretchQuery {
  readonly campaign: string;
  readonly order: Order;
  readonly from: Place;
  readonly bound: number;
  readonly size: number;
}

/** Which calls of one stretch, in what order. */
export interface KeysQuery extends Stretch {
  readonly campaign: string;
  readonly filter: CallFilter;
  readonly sort: CallSort;
  readonly order: Order;
  /** What an unknown end, start or talk time sorts as. */
  readonly unknown: number;
  readonly after: Pick<CallKey, 'sort' | 'id'> | null;
  readonly limit: number;
}

/** A call as it is stored, with the attempts of its contact; texts are JSON. */
export interface StoredCall {
  readonly call_row: string;
  readonly contact_key: string | null;
  readonly seqs: string;
  readonly record: string;
  readonly attempts: string | null;
}

/** A delivery as it is stored. */
export interface StoredEvent {
  readonly seq: number;
  readonly received_at: number;
  readonly delivery: string;
  readonly raw: string | null;
}

/** A contact as it is stored, with the leads of its calls; texts are JSON. */
export interface StoredContact {
  readonly contact_key: string;
  readonly attempts: string;
  readonly leads: string;
}

/** A contact of the list that a campaign is dialed by, as it is stored. */
export interface ListedContact {
  readonly contact_key: string;
  /** E.164, or the token of an erased one. */
  readonly number: string;
  readonly attributes: string | null;
  /** How many of its attempts are settled. */
  readonly ended: number;
  readonly excluded: string | null;
}

/** What lists, exports and past reports are made of. No statement runs long, so that others come in between. */
export interface ReadSource {
  /** `null` for an unknown campaign. */
  context(campaign: string): Awaitable<CallContext | null>;
  /** The last call of a stretch, `null` where fewer calls are left. */
  stretchEnd(query: StretchQuery): Awaitable<Place | null>;
  keys(query: KeysQuery): Awaitable<readonly CallKey[]>;
  /** Calls that are still there, in the order of their keys. */
  calls(campaign: string, keys: readonly CallKey[]): Awaitable<readonly StoredCall[]>;
  callByName(campaign: string, name: string): Awaitable<StoredCall | null>;
  /** @param seqs a JSON array */
  deliveries(campaign: string, seqs: string): Awaitable<readonly StoredEvent[]>;
  contactsPage(campaign: string, after: string, limit: number): Awaitable<readonly StoredContact[]>;
  listPage(campaign: string, after: string, limit: number): Awaitable<readonly ListedContact[]>;
  /** Records of calls that are still there, in the order of their rows. */
  records(campaign: string, rows: readonly string[]): Awaitable<readonly string[]>;
  contacts(campaign: string, keys: readonly string[]): Awaitable<readonly Contact[]>;
  newestCalls(campaign: string, limit: number): Awaitable<readonly Omit<StoredCall, 'attempts'>[]>;
  newestCampaigns(workspace: string, limit: number): Awaitable<readonly string[]>;
  /** What deleted calls of a campaign came to, `null` when none were. */
  base(campaign: string): Awaitable<BaseRollup | null>;
  /** How many deliveries of a campaign are stored; counts no further than `most`. */
  eventCount(campaign: string, most: number): Awaitable<number>;
  events(
    campaign: string,
    after: number,
    limit: number,
  ): Awaitable<readonly { readonly seq: number; readonly delivery: string }[]>;
}
