import type {
  Call,
  CallDetail,
  CallState,
  Contact,
  ContactState,
  LeadFilter,
  LeadPreview,
  LeadRules,
  Outcome,
  Report,
} from '@ringside/protocol';
import type { MaskClass } from '../access/principal.ts';

/** Which calls; `null` lets everything through. Times are epoch milliseconds. */
export interface CallFilter {
  readonly outcomes: readonly Outcome[] | null;
  readonly leads: readonly LeadFilter[] | null;
  /** Hangup code. */
  readonly code: number | null;
  /** Digits anywhere in the dialed number. */
  readonly digits: string | null;
  /** Ended at this time or later. */
  readonly endedFrom: number | null;
  /** Ended before this time. */
  readonly endedBefore: number | null;
  /** Talk seconds. */
  readonly minTalk: number | null;
  readonly maxTalk: number | null;
  readonly answeredBy: 'human' | 'machine' | 'none' | null;
  readonly state: CallState | null;
}

export type CallSort = 'endTime' | 'startTime' | 'duration';
export type Order = 'asc' | 'desc';

export interface CallListQuery {
  readonly filter: CallFilter;
  readonly sort: CallSort;
  readonly order: Order;
  readonly limit: number;
  readonly cursor: string | null;
  readonly mask: MaskClass;
}

/** Which contacts; `null` lets everything through. */
export interface ContactFilter {
  readonly states: readonly ContactState[] | null;
  readonly leads: readonly LeadFilter[] | null;
}

export interface ContactListQuery {
  readonly filter: ContactFilter;
  readonly limit: number;
  readonly cursor: string | null;
  readonly mask: MaskClass;
}

/** What an export writes, and for whom. */
export interface ExportQuery<Filter> {
  readonly filter: Filter;
  readonly format: ExportFormat;
  readonly mask: MaskClass;
}

export type ExportFormat = 'csv' | 'ndjson';

/**
 * A report as of a past moment; since when there are such reports, as previous records have been deleted; or how many
 * deliveries a campaign may have for it.
 */
export type PastReport = Report | { readonly deletedBefore: number } | { readonly mostDeliveries: number } | null;

/** One page of a list, or why there is none. */
export type PageResult<T> =
  | { readonly outcome: 'page'; readonly items: readonly T[]; readonly nextCursor: string | null }
  | { readonly outcome: 'no-campaign' }
  /** Unreadable, or made for another query. */
  | { readonly outcome: 'bad-cursor' };

export type CallResult =
  | { readonly outcome: 'call'; readonly call: CallDetail }
  | { readonly outcome: 'no-campaign' }
  | { readonly outcome: 'no-call' };

/**
 * Reads that may look at very many rows. They never run where events are applied: whoever lists a million calls must
 * not hold up intake. What was acknowledged before a read began is seen by it.
 */
export interface Reads {
  calls(workspace: string, id: string, query: CallListQuery): Promise<PageResult<Call>>;
  /** @param callId any id that names the call */
  call(workspace: string, id: string, callId: string, mask: MaskClass): Promise<CallResult>;
  /** @param now epoch milliseconds; what is due is judged by it */
  contacts(workspace: string, id: string, query: ContactListQuery, now: number): Promise<PageResult<Contact>>;
  /** The whole list as a file, piece by piece, in the list's default order; `null` for an unknown campaign. */
  exportCalls(workspace: string, id: string, query: ExportQuery<CallFilter>): Promise<AsyncIterable<Uint8Array> | null>;
  exportContacts(
    workspace: string,
    id: string,
    query: ExportQuery<ContactFilter>,
    now: number,
  ): Promise<AsyncIterable<Uint8Array> | null>;
  /** What rules would make of calls that were scored, of one campaign or the newest of the workspace. */
  previewLeadRules(
    workspace: string,
    rules: LeadRules,
    campaignId: string | null,
    mask: MaskClass,
  ): Promise<LeadPreview>;
  /** The report of a past moment, epoch milliseconds; `null` when nothing was known of the campaign then. */
  reportAsOf(workspace: string, id: string, at: number, recent: number): Promise<PastReport>;
}
