import type { CallDelivery } from '@ringside/core';

/** A call to be placed. Everything the provider must be told of it. */
export interface CallOrder {
  readonly attemptId: string;
  /** E.164. */
  readonly from: string;
  readonly to: string;
  readonly answerUrl: string;
  readonly answerMethod: 'GET' | 'POST';
  readonly ringUrl: string;
  readonly hangupUrl: string;
  readonly machineDetection: 'off' | 'detect' | 'hangup';
  readonly machineDetectionUrl: string;
  readonly ringTimeoutSeconds: number;
  /** Longest talk. */
  readonly timeLimitSeconds: number | null;
}

/** When a request may still be written. */
export interface SendGuard {
  /** The last look, right before the synchronous write: false stops it. */
  readonly maySend: () => boolean;
  /** Aborted at the deadline, and when the server stops. */
  readonly signal: AbortSignal;
}

/** What a refusal is about: this contact, the campaign's settings, or the whole account. */
export type RefusalScope = 'contact' | 'campaign' | 'account';

/** What came of placing a call. Only `accepted` and `in-doubt` may have made one. */
export type Placed =
  | { readonly kind: 'accepted'; readonly requestId: string }
  | {
      readonly kind: 'refused';
      readonly scope: RefusalScope;
      readonly code: 'bad-request' | 'forbidden' | 'unauthorised' | 'out-of-credits' | 'rate-limited' | 'other';
      readonly why: string;
      readonly retryAfterMs: number | null;
    }
  /** It provably never left: no connection, or the guard said no. */
  | { readonly kind: 'not-sent'; readonly why: string }
  | { readonly kind: 'in-doubt'; readonly why: string };

/** What a provider's lists say of an attempt that is in doubt. */
export type Sighting =
  | { readonly kind: 'live' | 'queued' | 'ended'; readonly requestId: string | null; readonly what: string }
  | { readonly kind: 'none'; readonly what: string }
  | { readonly kind: 'unavailable'; readonly what: string };

/** When a request may have been sent, as far as anybody knows. */
export interface Sent {
  /** For how long this node has known of it: since it began to send it, or took it over from another. */
  readonly knownForMs: () => number;
  /** What another owner noted, by a clock of which nothing is known here; epoch milliseconds. `null`: this one sent it. */
  readonly at: number | null;
}

/** Places calls with one account of a provider. Nothing is ever sent twice by itself. */
export interface CallProvider {
  place(order: CallOrder, guard: SendGuard): Promise<Placed>;
  /** Ends a live call or takes it out of the queue. @returns false when it knows no such call */
  hangUp(requestId: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Looks for a call to this number from this caller id in all lists.
   */
  look(
    call: {
      readonly from: string;
      readonly to: string;
      readonly requestId: string | null;
      readonly sent: Sent;
      /** Of some ids those that are known to be other calls: a contact may be called again within the same minute. */
      readonly others: (ids: readonly string[]) => Promise<readonly string[]>;
    },
    signal: AbortSignal,
  ): Promise<Sighting>;
  /** Ids of the calls that are live or wait in the queue; `null` when the provider does not say. */
  underWay(signal: AbortSignal): Promise<ReadonlySet<string> | null>;
  /** How a call ended, by the provider's own record; `null` while there is none. */
  endOf(requestId: string, signal: AbortSignal): Promise<CallDelivery | null>;
  /** The longest time for which an accepted request may wait before it is placed, milliseconds. */
  readonly longestQueueMs: number;
}
