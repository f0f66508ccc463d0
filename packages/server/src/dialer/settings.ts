import { type BreakerSettings, usualBreaker } from './breaker.ts';

/** How the dialer goes about its work. Operators do not set it: tests shorten it. Milliseconds. */
export interface DialerSettings {
  /** From the moment an attempt is put down as being sent until its request is given up; shorter than a lease lasts. */
  readonly sendWithinMs: number;
  /** How old what is known of a campaign may become, whatever the bus tells. */
  readonly refreshEveryMs: number;
  /** After somebody said that a campaign changed, what else changes in this time is read together with it. */
  readonly gatherMs: number;
  /** Attempts are made that long before they are to be sent, and so many at most. */
  readonly aheadMs: number;
  readonly mostAhead: number;
  /** Whoever uploads tells the campaign of it; after this long the dialer does, since whoever uploaded may have died. */
  readonly tellListAfterMs: number;
  /** Ends are looked for this often, though nobody told of any. */
  readonly settleEveryMs: number;
  /** Before what an account refused is tried again with one call: at first, and at most. */
  readonly firstHoldMs: number;
  readonly longestHoldMs: number;
  /** How long a limit of concurrency counts that the provider made felt. */
  readonly learnedLimitMs: number;
  /** A call that was sent that long ago is looked for when nothing says that it ended, and how often that is done. */
  readonly lostEndAfterMs: number;
  readonly lostEndsEveryMs: number;
  /** From the deadline of a request until its call is first looked for, and the longest gap between two looks. */
  readonly firstLookMs: number;
  readonly longestLookGapMs: number;
  /** What is added to the longest time in the provider's queue before empty lists prove anything. */
  readonly queueMarginMs: number;
  /** After so many looks in a row that showed nothing reliable, a person must decide. */
  readonly looksUntilPerson: number;
  /** A hold is said again at most this often. */
  readonly holdEveryMs: number;
  /** The clock of control ends a campaign at its deadline; so long after it the dialer does, where nothing else did. */
  readonly deadlineGraceMs: number;
  /** How long a stop waits for requests under way. */
  readonly stopWithinMs: number;
  readonly breaker: BreakerSettings;
}

export const usualDialing: DialerSettings = {
  sendWithinMs: 8_000,
  refreshEveryMs: 500,
  gatherMs: 50,
  aheadMs: 1_000,
  mostAhead: 200,
  tellListAfterMs: 15_000,
  settleEveryMs: 3_000,
  firstHoldMs: 15_000,
  longestHoldMs: 5 * 60_000,
  learnedLimitMs: 60_000,
  lostEndAfterMs: 90_000,
  lostEndsEveryMs: 60_000,
  firstLookMs: 3_000,
  longestLookGapMs: 10 * 60_000,
  queueMarginMs: 60_000,
  looksUntilPerson: 10,
  holdEveryMs: 5_000,
  deadlineGraceMs: 30_000,
  stopWithinMs: 5_000,
  breaker: usualBreaker,
};
