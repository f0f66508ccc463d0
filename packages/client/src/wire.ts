import type { SessionInfo } from '@ringside/protocol';

/** Who is signed in, what they may do, and through which share link they came, if any. */
export type Session = SessionInfo;

/** What the server hears from the provider, counted since its start. Times are ISO 8601 UTC. */
export interface IntakeStatus {
  /** Last callback with a valid signature. */
  readonly lastCallbackAt: string | null;
  readonly accepted: number;
  /** Known already, such as a callback that was delivered twice. */
  readonly unchanged: number;
  /** Valid, but of no campaign. */
  readonly aside: number;
  /** Callbacks whose signature did not match. */
  readonly refused: number;
  /** `url` is what the server took the callback’s URL to be when it checked the signature. */
  readonly lastRefusal: { readonly at: string; readonly reason: string; readonly url: string } | null;
  /** Stored events that belong to no campaign yet. */
  readonly unassigned: number;
  /** Events that wait to be stored. */
  readonly waiting: number;
  /** Calls whose end never came, and what the provider’s call-detail records say of them. */
  readonly sweep: SweepStatus;
  /** The URLs at which the provider is expected to call. */
  readonly publicUrls: readonly string[];
}

/** The search for the ends of calls that never came, counted since the start of the server. */
export interface SweepStatus {
  /** ISO 8601 UTC. */
  readonly lastRunAt: string | null;
  /** Calls whose time is up and that have no end yet; at most 10,000 are counted. */
  readonly waiting: number;
  /** Ends read from the provider’s records. */
  readonly reconciled: number;
  /** Calls marked lost. */
  readonly lost: number;
  /** Times that the provider could not say. */
  readonly unavailable: number;
  /** Why the provider cannot be asked now; then no call is marked lost. */
  readonly warning: string | null;
}
