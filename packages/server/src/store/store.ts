import type { Alias, Campaign as DeclaredCampaign, EventKey } from '@ringside/core';
import type {
  Campaign,
  CampaignCreate,
  CampaignPatch,
  CampaignSummary,
  Report,
  Settings,
  TimelineItem,
} from '@ringside/protocol';
import type { Controlled, ControlStep } from '../control/control-step.ts';
import type { Applied, Receipt, Touched } from '../ingest/receipt.ts';
import type { AuditNote, StoredErasure } from './access/records.ts';
import type { AccessStore } from './access/work.ts';
import type { Fence, SharedStore } from './among-nodes.ts';
import type { DialStore } from './dialing/dial-store.ts';
import type { TimelineQuery } from './event-page.ts';
import type { CampaignPlace } from './page-cursor.ts';
import type { Reads } from './reads.ts';

/** A report with the revision's parts that caches need. */
export interface StoredReport {
  readonly report: Report;
  readonly version: number;
}

export type Registration =
  | { readonly outcome: 'created' | 'same' | 'conflict'; readonly campaign: Campaign; readonly applied: Applied }
  | { readonly outcome: 'too-many' };

export type SummaryChoice = { readonly ids: readonly string[] } | { readonly newest: number };

export interface ListQuery {
  readonly limit: number;
  /** The last campaign of the page before, `null` for the first page. */
  readonly after: CampaignPlace | null;
}

/** One campaign of an overview. */
export interface SummaryRow {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly summary: CampaignSummary;
  readonly answered: number;
  readonly ended: number;
}

/** A page of a timeline, oldest first. */
export interface TimelinePage {
  readonly items: readonly TimelineItem[];
  /** Where the page of what happened before them begins, `null` where that is all. */
  readonly next: EventKey | null;
}

/** A call that should be over by now, but has no end. */
export interface StaleCall {
  readonly workspace: string;
  readonly campaignId: string;
  /** Key of the call inside its campaign. */
  readonly row: string;
  readonly aliases: readonly Alias[];
  /** When it was placed, or first heard of; epoch milliseconds. */
  readonly startedAt: number;
  /** The longest that a call of its campaign may take. */
  readonly maxCallSeconds: number;
}

/** Whose number shall be erased. */
export interface ErasureWish {
  readonly workspace: string;
  /** In its one spelling. */
  readonly number: string;
  readonly reason: string | null;
}

/** How an erasure was begun. */
export interface Begun {
  readonly erasure: StoredErasure;
  /** False when the number had been erased before. */
  readonly isNew: boolean;
  readonly touched: readonly Touched[];
}

/** The last call of a page. */
export interface StaleCursor {
  readonly startedAt: number;
  /** Tells calls of one moment apart; each store has its own way. */
  readonly id: number | string;
}

export interface StalePage {
  readonly calls: readonly StaleCall[];
  /** `null`: there are no more. */
  readonly next: StaleCursor | null;
}

/**
 * Where campaigns live. Every write goes through {@link Store.apply} or a method that uses it; a promise that
 * fulfils means the change is durable. All methods reject with {@link StoreFault} when storage does not work.
 */
export interface Store extends Reads {
  /** Applies a batch in one transaction. Rejected receipts do not hinder the others. */
  apply(receipts: readonly Receipt[]): Promise<Applied>;
  /** Creates or adopts a campaign, atomically with the check whether it exists. */
  register(
    workspace: string,
    campaign: CampaignCreate,
    actor: string,
    now: number,
    audit: AuditNote,
  ): Promise<Registration>;
  patch(
    workspace: string,
    id: string,
    change: CampaignPatch,
    actor: string,
    now: number,
    audit: AuditNote,
  ): Promise<{ campaign: Campaign; applied: Applied } | null>;
  campaign(workspace: string, id: string, now: number): Promise<Campaign | null>;
  campaigns(
    workspace: string,
    query: ListQuery,
    now: number,
  ): Promise<{ items: (Campaign & { summary: CampaignSummary })[]; nextCursor: string | null }>;
  /** The report with up to `recent` newest calls. Touches no call rows but those of the feed. */
  report(workspace: string, id: string, recent: number, now: number): Promise<StoredReport | null>;
  /** Summaries of the named campaigns, or of the newest. Unknown ids are left out. */
  summaries(workspace: string, which: SummaryChoice, now: number): Promise<SummaryRow[]>;
  /**
   * Takes one step of control, atomically with looking where the campaign stands. `null` for an unknown campaign.
   * The audit log is told when it changes something; `null` for what nobody commanded.
   */
  control(
    workspace: string,
    id: string,
    step: ControlStep,
    now: number,
    audit: AuditNote | null,
  ): Promise<Controlled | null>;
  /** All that was said of the campaign itself, `null` for an unknown one. */
  declared(workspace: string, id: string, now: number): Promise<DeclaredCampaign | null>;
  /** A page of what happened to the campaign, or `null` for an unknown one. */
  timeline(workspace: string, id: string, query: TimelineQuery, now: number): Promise<TimelinePage | null>;
  /**
   * Calls of all workspaces without an end whose time was up at a moment, oldest first. Costs as much as there are
   * live calls that old, whatever else is stored.
   * @param before epoch milliseconds; a call's time is up when it was placed more than its campaign's longest call ago
   * @param after `next` of the page before
   */
  staleCalls(before: number, after: StaleCursor | null, limit: number): Promise<StalePage>;
  /** What the workspace has set, or the defaults. */
  settings(workspace: string): Promise<Settings>;
  putSettings(workspace: string, settings: Settings, audit: AuditNote): Promise<void>;
  /**
   * Scores one chunk of past calls again; `more` while there is more to do. Of this and the steps below: a fence that is
   * not held any more makes the step fail with a StoreFault; `null` where the store has no other node.
   */
  rescoreStep(now: number, fence: Fence | null): Promise<{ touched: readonly Touched[]; more: boolean }>;
  /** Deletes one chunk of records that are kept no longer; `more` until a pass over all of them is done. */
  retainStep(now: number, fence: Fence | null): Promise<{ touched: readonly Touched[]; more: boolean }>;
  /** Begins to erase a number: from now on it is replaced wherever it comes up. */
  erase(wish: ErasureWish, audit: AuditNote): Promise<Begun>;
  /** Looks through one chunk of what is stored for erased numbers; `more` while there is more to do. */
  eraseStep(now: number, fence: Fence | null): Promise<{ touched: readonly Touched[]; more: boolean }>;
  /** Erasures that were made with another secret key, so that a number that comes back is not known again. */
  foreignErasures(): Promise<number>;
  /** What `answer-url` serves, `undefined` for an unknown campaign. */
  answerXml(workspace: string, id: string): Promise<string | null | undefined>;
  /** The same as it was when this node last read the campaign, without asking storage. */
  knownAnswerXml?(workspace: string, id: string): string | null | undefined;
  /** Where several nodes may write, what they know of each other; `null` for a store of one node. */
  readonly shared: SharedStore | null;
  /** Who may do what: workspaces, keys, sessions, provider accounts, share links, the audit log. */
  readonly access: AccessStore;
  /** Lists of the campaigns that Ringside dials, and its attempts. */
  readonly dial: DialStore;
  /** Answers when storage does. */
  ping(): Promise<{ epoch: string; unassigned: number }>;
  close(): Promise<void>;
}

/** Storage does not work now; nothing of the call was stored. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
}

/** Storage is known to be away: it was not even asked, and whoever asks again soon is told the same. */
export class StoreIsAway extends StoreFault {}

/** The store cannot be opened: one line for the operator. */
export class StoreOpenError extends Error {
  override readonly name: string = 'StoreOpenError';
}

/** The store cannot be opened now, but waiting may cure it. */
export class StoreNotThere extends StoreOpenError {
  override readonly name = 'StoreNotThere';
}
