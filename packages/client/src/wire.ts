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
  /** The URLs at which the provider is expected to call. */
  readonly publicUrls: readonly string[];
}
