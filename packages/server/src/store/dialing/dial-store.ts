import type { HoldCode } from '@ringside/core';
import type { AttemptState, Attributes, Evidence, Outcome, RowProblem } from '@ringside/protocol';
import type { AuditNote } from '../access/records.ts';
import type { CampaignRef, Fence } from '../among-nodes.ts';

/** A row of an upload that was read and checked by itself; whether it is a duplicate only the store knows. */
export interface ListRow {
  /** E.164. */
  readonly number: string;
  readonly contactId: string | null;
  /** IANA zone of the contact; `null` is the campaign's. */
  readonly zone: string | null;
  readonly attributes: Attributes | null;
}

/** What became of a row; what is no `added` was left out. */
export type ListedAs = 'added' | Extract<RowProblem, 'duplicate' | 'duplicate-id' | 'do-not-call'>;

/** What a list consists of now. */
export interface ListFacts {
  readonly contacts: number;
  /** Contacts by zone, `''` for the campaign's. */
  readonly zones: Readonly<Record<string, number>>;
  /** Contacts that were never called and will not be, by reason. One that was called is counted by its calls. */
  readonly excluded: Readonly<Record<string, number>>;
}

/** A campaign that Ringside dials and that is not over. */
export interface DialedCampaign extends CampaignRef {
  /** Id of its provider account in its workspace, `null` for the workspace's first. */
  readonly account: string | null;
}

/** An attempt as the dialer keeps it. Times are epoch milliseconds. */
export interface StoredAttempt extends CampaignRef {
  readonly attemptId: string;
  /** The provider's id of the account; attempts belong to its lease. */
  readonly authId: string;
  readonly contactKey: string;
  readonly contactId: string | null;
  /** E.164. */
  readonly number: string;
  readonly callerId: string;
  /** Which attempt on the contact it is, from 1. */
  readonly attempt: number;
  readonly attributes: Attributes | null;
  readonly state: AttemptState;
  readonly madeAt: number;
  /** Until when its request may be written; `null` before `sending`. */
  readonly sendBefore: number | null;
  /** The provider's id of the request, once it gave one. */
  readonly requestId: string | null;
  readonly evidence: readonly Evidence[];
  /** How often in a row all lists of the provider were empty. */
  readonly emptyLooks: number;
  readonly lookedAt: number | null;
  /** Nothing more will prove it. */
  readonly needsPerson: boolean;
  /** The contact's row has what came of it. */
  readonly settledAt: number | null;
}

/** An attempt that was just made, to be sent soon. */
export interface ReadyAttempt extends StoredAttempt {
  /** The contact's own zone, `''` for the campaign's: its hours are looked at once more when it is sent. */
  readonly zone: string;
}

/** Which contacts to take. */
export interface TakeWish extends CampaignRef {
  readonly most: number;
  readonly authId: string;
  readonly callerIds: readonly string[];
  /** Zones whose hours are open now; `''` is the campaign's. */
  readonly openZones: readonly string[];
}

export interface Taken {
  readonly attempts: readonly ReadyAttempt[];
  /** Contacts found to be on the do-not-call list, reached since, or (for a minute) talking: they were left out just now. */
  readonly skipped: number;
}

/** What is on the list for the dialer. */
export interface QueueFacts {
  /** Contacts that may be called now in an open zone. This and the next are counted up to 10,000. */
  readonly ready: number;
  /** Contacts for which something is still to be done, whenever. Those under way are none of them. */
  readonly waiting: number;
  /** The earliest time at which a retry is due, epoch milliseconds, `null` without one. */
  readonly nextDueAt: number | null;
}

/** What became of sending, by attempt. */
export type SendResult =
  | { readonly kind: 'accepted'; readonly requestId: string }
  | { readonly kind: 'refused'; readonly why: string }
  /** It never left this machine: the contact is put back as it was. */
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'in-doubt'; readonly why: string };

/** An attempt whose call has ended, and what its contact had before it. */
export interface EndedAttempt extends StoredAttempt {
  readonly outcome: Outcome;
  readonly endedAt: number;
  /** The provider's hangup code and words, as far as known. */
  readonly hangupCode: number | null;
  readonly cause: string | null;
  /** The call's ids, as a further delivery about it must name them. */
  readonly callRow: string;
  /** Outcomes of the contact's earlier attempts, oldest first. */
  readonly earlier: readonly Outcome[];
  /** Attempts granted beyond the policy's. */
  readonly extra: number;
}

/** An attempt of which the provider itself told, and its id there, where it said one. */
export interface HeardOf {
  readonly attemptId: string;
  readonly requestId: string | null;
}

/** What a look at the provider's lists for an attempt in doubt came to. */
export type Look =
  | { readonly kind: 'placed'; readonly requestId: string | null; readonly what: string }
  | { readonly kind: 'empty'; readonly what: string }
  | { readonly kind: 'unknown'; readonly what: string };

/** Something that a campaign does by the clock. */
export interface Timer extends CampaignRef {
  readonly what: 'start' | 'resume' | 'deadline' | 'confirm';
  /** Epoch milliseconds. */
  readonly dueAt: number;
}

export interface Suppressed {
  readonly number: string;
  readonly reason: string | null;
  readonly addedAt: number;
  readonly addedBy: string;
}

/**
 * The list, the attempts and what else the dialer keeps. Each method is one transaction; a promise that fulfils means that it is
 * durable. A fence that is not held any more rejects with StoreFault, and `null` is for a store of one node.
 */
export interface DialStore {
  // The list.
  /** Makes the campaign one that Ringside dials. Idempotent. */
  openList(campaign: DialedCampaign): Promise<void>;
  /** Adds up to 1,000 rows. @returns what became of each, in order */
  addToList(campaign: CampaignRef, rows: readonly ListRow[], now: number): Promise<readonly ListedAs[]>;
  /** The same without adding. */
  previewList(campaign: CampaignRef, rows: readonly ListRow[]): Promise<readonly ListedAs[]>;
  listFacts(campaign: CampaignRef): Promise<ListFacts | null>;
  /** @param openZones `null` counts all zones as open */
  queueFacts(campaign: CampaignRef, openZones: readonly string[] | null, now: number): Promise<QueueFacts>;
  /** Lets contacts wait no longer than was decided, from now on, where the clock was set back since it was. */
  hastenRetries(campaign: CampaignRef, fence: Fence | null, now: number): Promise<void>;
  /** Campaigns that the dialer must look at. */
  dialedCampaigns(): Promise<readonly DialedCampaign[]>;
  /** The dialer need not look at it any more, or must again. */
  setListOpen(campaign: CampaignRef, isOpen: boolean): Promise<void>;
  /** The file of contacts before their first call, in order of upload. @param after the last position of the page before */
  untouched(
    campaign: CampaignRef,
    after: number,
    limit: number,
  ): Promise<readonly (ListRow & { readonly position: number; readonly excluded: string | null })[]>;
  /** Contacts of the list whose calls all ended without reaching them and of which nothing is due. */
  failedContacts(
    campaign: CampaignRef,
    outcomes: readonly Outcome[] | null,
    after: string,
    limit: number,
  ): Promise<readonly { readonly contactKey: string; readonly callRow: string; readonly endedAt: number }[]>;
  /** Calls them once more. */
  dialAgain(campaign: CampaignRef, contactKeys: readonly string[]): Promise<number>;

  // Attempts: the steps of ADR 11.
  take(wish: TakeWish, fence: Fence | null, now: number): Promise<Taken>;
  /**
   * Looks again whether a contact may be called, since an attempt may have waited long for its turn.
   * @returns the attempts that may be sent; one that is not `intended` any more is left out
   */
  beginSending(
    campaign: CampaignRef,
    attemptIds: readonly string[],
    sendBefore: number,
    fence: Fence | null,
  ): Promise<readonly string[]>;
  /** Puts what is still `intended` back on the list as it was. What was begun to be sent ends as `not-sent` instead. */
  putBack(campaign: CampaignRef, attemptIds: readonly string[], fence: Fence | null): Promise<void>;
  endSending(
    campaign: CampaignRef,
    results: readonly (SendResult & { readonly attemptId: string })[],
    fence: Fence | null,
    now: number,
  ): Promise<void>;
  /** Attempts of an account that are not settled, of all campaigns. */
  openAttempts(authId: string): Promise<readonly StoredAttempt[]>;
  /** Of these attempts, those whose calls have ended, and those of which the provider itself told. */
  endedAttempts(
    campaign: CampaignRef,
    attemptIds: readonly string[],
  ): Promise<{ readonly ended: readonly EndedAttempt[]; readonly heardOf: readonly HeardOf[] }>;
  /** Of some ids of a provider those that are known to be calls of other attempts of the campaign. */
  idsOfOthers(campaign: CampaignRef, attemptId: string, ids: readonly string[]): Promise<readonly string[]>;
  /**
   * Settles what is accepted, refused, placed or not placed; a doubt must be ended before.
   * @param dueAt when the contact is called again, `null`: never
   */
  settle(
    campaign: CampaignRef,
    settled: readonly {
      readonly attemptId: string;
      readonly outcome: Outcome;
      readonly dueAt: number | null;
      /** It takes nothing from the contact's budget of attempts. */
      readonly isFree?: boolean;
    }[],
    fence: Fence | null,
    now: number,
  ): Promise<void>;
  /** Puts down what was seen of an attempt in doubt; a look that found it ends the doubt. */
  noteLook(
    campaign: CampaignRef,
    attemptId: string,
    look: Look,
    needsPerson: boolean,
    fence: Fence | null,
    now: number,
  ): Promise<void>;
  /** Ends a doubt: by proof, or because somebody says so. */
  resolveDoubt(
    campaign: CampaignRef,
    attemptId: string,
    as: 'placed' | 'not-placed',
    why: string,
    now: number,
    audit: AuditNote | null,
  ): Promise<StoredAttempt | null>;
  /** Attempts in doubt, oldest first. */
  doubtful(workspace: string, campaignId: string | null, limit: number): Promise<readonly StoredAttempt[]>;

  // Numbers that nobody may call.
  suppress(
    workspace: string,
    numbers: readonly string[],
    by: { readonly reason: string | null; readonly actor: string; readonly at: number },
    audit: AuditNote,
  ): Promise<number>;
  unsuppress(workspace: string, number: string, audit: AuditNote): Promise<boolean>;
  suppressed(workspace: string, after: string, limit: number): Promise<readonly Suppressed[]>;

  // What happens by the clock.
  setTimer(timer: Timer): Promise<void>;
  /** Takes away a timer that was carried out. One that was set to another time meanwhile stays. */
  clearTimer(campaign: CampaignRef, what: Timer['what'], dueAt: number): Promise<void>;
  dueTimers(now: number, limit: number): Promise<readonly Timer[]>;
  /**
   * Lets time-outs of external dialers be looked at now that lie further ahead than they can: the clock was set back since.
   * @param furthest epoch milliseconds
   */
  hastenConfirms(now: number, furthest: number): Promise<void>;

  // Idempotency of commands that are not idempotent by themselves.
  /** @returns the answer that was stored under the key before, or `null` after storing this one */
  onceByKey(workspace: string, key: string, answer: string, now: number): Promise<string | null>;
  /** @returns the answer that is stored under the key, `null` without one */
  answerByKey(workspace: string, key: string): Promise<string | null>;
}

export type { HoldCode };
