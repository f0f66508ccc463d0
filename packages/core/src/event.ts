import type {
  AnsweredBy,
  Attributes,
  CallingWindows,
  CampaignChange,
  CommandName,
  Dialer,
  DialPlan,
  LeadRules,
  LeadVerdict,
  Outcome,
  RetryPolicy,
} from '@ringside/protocol';
import type { Source } from './register.ts';

/**
 * Kinds of id that name one call, in the order in which they are preferred as its row key:
 * our own attempt id, the provider's RequestUUID, its CallUUID, and whatever an outside system calls it.
 */
export type AliasKind = 'attempt' | 'request' | 'call' | 'external';

export interface Alias {
  readonly kind: AliasKind;
  readonly id: string;
}

/** The words in which an end may be stated: those of the API, those of Plivo, and our sweeper's `lost`. */
export type EndWord =
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'rejected'
  | 'failed'
  | 'canceled'
  | 'timeout'
  | 'machine'
  | 'lost';

/** What an end says. Its members are one statement and win or lose together. */
export interface EndFacts {
  readonly status: EndWord | null;
  readonly code: number | null;
  readonly cause: string | null;
  readonly source: string | null;
  /** Talk time in whole seconds. */
  readonly duration: number | null;
}

export interface LeadFacts {
  readonly status: LeadVerdict;
  readonly score: number | null;
  readonly reason: string | null;
  readonly summary: string | null;
  readonly by: 'bot' | 'person';
}

/** An amount in millionths of a currency unit, so that sums stay exact. */
export interface Cost {
  readonly micros: number;
  readonly currency: string | null;
}

/**
 * How good a time is: the source's own for this very event; an approximate one that it stated for something else; or
 * only the time at which we heard of it. The last is not part of the content: another copy of the message has another.
 */
export type Timing = 'exact' | 'approximate' | 'receipt';

/** One thing that happened to a call. `at` is epoch milliseconds. */
export type CallEvent = { readonly at: number; readonly timing: Timing } & (
  | { readonly type: 'initiated' | 'ringing' | 'machine' | 'note' }
  | { readonly type: 'answered'; readonly answeredBy: AnsweredBy | null }
  | {
      readonly type: 'ended';
      readonly end: EndFacts;
      readonly billDuration: number | null;
      readonly cost: Cost | null;
      readonly digits: string | null;
      readonly recordingUrl: string | null;
      readonly retryDueAt: number | null;
    }
  | { readonly type: 'lead'; readonly lead: LeadFacts }
  | { readonly type: 'recording'; readonly recordingUrl: string }
  /** The dialer decided that the contact is called again; `at` is the end of the call. */
  | { readonly type: 'retry'; readonly dueAt: number }
);

/**
 * One accepted message about one call: a provider's callback or an item of `/v1/events`, already provider-neutral.
 * A lone hangup is one delivery of three events.
 */
export interface CallDelivery {
  readonly about: 'call';
  /** Short hash of the content alone, so that a redelivery has the hash of the first. */
  readonly hash: string;
  readonly source: Source;
  readonly receivedAt: number;
  readonly aliases: readonly Alias[];
  /** As written by the source; the fold normalises it with the campaign's default country. */
  readonly to: string | null;
  readonly from: string | null;
  readonly contactId: string | null;
  readonly attributes: Attributes | null;
  readonly events: readonly CallEvent[];
}

/** What somebody declared about a campaign; a missing member says nothing. */
export interface CampaignFacts {
  readonly name?: string;
  readonly totalCalls?: number;
  readonly startedAt?: number;
  readonly retry?: RetryPolicy;
  readonly pace?: { readonly callsPerSecond?: number | undefined; readonly concurrency?: number | undefined };
  readonly defaultCountry?: string;
  readonly timezone?: string;
  readonly currency?: string;
  readonly maxCallSeconds?: number;
  readonly attributes?: Attributes;
  readonly answerXml?: string;
  /** Left out: a dialer of somebody else's. */
  readonly dialer?: Dialer;
  readonly dial?: DialPlan;
  readonly windows?: CallingWindows;
  /** Epoch milliseconds. */
  readonly deadline?: number;
  /** Contacts of the list by the zone in which their hours are counted, `''` for the campaign's. */
  readonly listZones?: Readonly<Record<string, number>>;
  /** Contacts of the list that will not be called, by reason. */
  readonly listExcluded?: Readonly<Record<string, number>>;
  /** How calls without a verdict are scored; the default rules where nobody said. */
  readonly leadRules?: LeadRules;
}

/** One accepted message about the campaign itself. */
export type CampaignDelivery = {
  readonly about: 'campaign';
  readonly hash: string;
  readonly source: Source;
  readonly receivedAt: number;
  readonly at: number;
} & (
  | {
      readonly type: 'facts';
      readonly registers: boolean;
      readonly facts: CampaignFacts;
      readonly actor?: string | null;
      readonly reason?: string | null;
    }
  | {
      readonly type: 'change';
      readonly change: CampaignChange;
      readonly reason: string | null;
      readonly actor: string | null;
      /** Of a timed pause: when it ends, epoch milliseconds. */
      readonly until?: number;
    }
  | { readonly type: 'fault'; readonly code: string }
  /** What only the dialer knows of why nothing is dialed; a code of `null` says that nothing holds it up any more. */
  | {
      readonly type: 'hold';
      readonly code: HoldCode | null;
      readonly message: string | null;
      /** Epoch milliseconds. */
      readonly until: number | null;
    }
  /** Whether an external dialer did what it was asked. */
  | { readonly type: 'confirmation'; readonly confirmation: ConfirmationFacts }
);

/** Why the dialer of Ringside does not dial, where that does not follow from the campaign's own record. */
export type HoldCode =
  | 'account-limit'
  | 'rate-limited'
  | 'out-of-credits'
  | 'account-refused'
  | 'no-account'
  | 'provider-unavailable'
  | 'breaker-open'
  | 'needs-person';

/** A command as an external dialer was asked it. It is kept until there is an answer, so that it can be asked again. */
export interface AskedOrder {
  /** The same however often it is asked. */
  readonly id: string;
  readonly actor: string;
  readonly reason: string | null;
  /** Of a timed pause: when it ends, epoch milliseconds. */
  readonly until: number | null;
  /** End live calls too. */
  readonly hangUp: boolean;
  /** Of retrying: only contacts whose last call ended so. */
  readonly outcomes: readonly Outcome[] | null;
  /** Epoch milliseconds; it keeps the order of what was stored, and may lie ahead of the clock. */
  readonly askedAt: number;
  /** Changes of the kind asked for that the campaign had when it was asked: one more proves that it was obeyed. */
  readonly saidBefore?: number;
  /** Nobody waits for an answer any longer then; epoch milliseconds. */
  readonly answerBy: number;
}

export interface ConfirmationFacts {
  readonly command: CommandName;
  readonly state: 'asked' | 'confirmed' | 'refused' | 'unconfirmed';
  readonly message: string | null;
  readonly order?: AskedOrder;
}

export type Delivery = CallDelivery | CampaignDelivery;
