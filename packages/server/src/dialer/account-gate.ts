import type { HoldWords } from './deliveries.ts';
import type { DialerSettings } from './settings.ts';

/** What an account said of itself by refusing, or by how calls ended. */
export type AccountTrouble = 'rate-limited' | 'out-of-credits' | 'account-refused' | 'provider-unavailable';

interface Held {
  readonly code: AccountTrouble;
  readonly message: string;
  readonly untilAt: number;
  readonly gapMs: number;
  /** Only the end of a call shows that it is over: the provider accepts what it will not place. */
  readonly endsByCall: boolean;
}

/** So many requests in a row that came to nothing count as the provider being away. */
const FAILURES_IN_A_ROW = 3;

/**
 * Whether an account may be asked for calls. After a refusal it rests, then one call tries whether that is over; when it
 * is not, the next rest is twice as long. Times are epoch milliseconds.
 */
export class AccountGate {
  readonly #settings: DialerSettings;
  #held: Held | null = null;
  /** The one attempt that tries. */
  #probe: string | null = null;
  #failures = 0;
  #learned: { readonly slots: number; readonly until: number } | null = null;

  constructor(settings: DialerSettings) {
    this.#settings = settings;
  }

  mayStart(now: number): boolean {
    if (this.#held === null) return true;
    return this.#held.untilAt <= now && this.#probe === null;
  }

  started(attemptId: string): void {
    if (this.#held !== null) this.#probe = attemptId;
  }

  /** Nothing came of the attempt, for reasons of our own. */
  forget(attemptId: string): void {
    if (this.#probe === attemptId) this.#probe = null;
  }

  /** Another node dialed meanwhile, and what became of the one call that tried is told to that node. */
  forgetTrial(): void {
    this.#probe = null;
  }

  /** The provider took a request. */
  accepted(attemptId: string): void {
    this.#failures = 0;
    if (this.#held !== null && !this.#held.endsByCall && this.#probe === attemptId) this.#open();
  }

  /** A call ended otherwise than for the account's sake. */
  wentWell(attemptId: string): void {
    if (this.#probe === attemptId) this.#open();
  }

  /** @param pauseMs how long it asked to wait, `null` where it did not say */
  refused(code: AccountTrouble, message: string, { now, pauseMs = null, byCall = false }: Refusal): void {
    const before = this.#held;
    // What was under way when it was refused first tells nothing new.
    if (before !== null && before.code === code && before.untilAt > now && pauseMs === null) return;
    const { firstHoldMs, longestHoldMs } = this.#settings;
    const gapMs = before?.code === code ? Math.min(before.gapMs * 2, longestHoldMs) : firstHoldMs;
    this.#held = { code, message, untilAt: now + (pauseMs ?? gapMs), gapMs, endsByCall: byCall };
    this.#probe = null;
  }

  /** A request came to nothing, or nobody knows to what. */
  failed(attemptId: string, why: string, now: number): void {
    this.#failures += 1;
    const isProbe = this.#probe === attemptId;
    if (this.#failures < FAILURES_IN_A_ROW && !isProbe) return this.forget(attemptId);
    this.refused('provider-unavailable', `${why}. It is tried again with one call.`, { now });
    this.#probe = null;
  }

  /** The provider made a limit of concurrency felt. @param open calls under way */
  limited(open: number, now: number): void {
    this.#learned = { slots: Math.max(1, open), until: now + this.#settings.learnedLimitMs };
  }

  /** Calls that may be under way; infinite where nothing limits them. */
  slots(configured: number | null, now: number): number {
    const learned =
      this.#learned !== null && this.#learned.until > now ? this.#learned.slots : Number.POSITIVE_INFINITY;
    return Math.min(configured ?? Number.POSITIVE_INFINITY, learned);
  }

  /** Why nothing is sent now, `null` when nothing hinders. @param open calls under way */
  hold(open: number, now: number): HoldWords | null {
    if (this.#held !== null) {
      const { code, message, untilAt } = this.#held;
      return { code, message, until: untilAt > now ? untilAt : null };
    }
    if (this.#learned === null || this.#learned.until <= now || open < this.#learned.slots) return null;
    const message = `The provider allows no more than ${this.#learned.slots} calls at once for this account.`;
    return { code: 'account-limit', message, until: this.#learned.until };
  }

  #open(): void {
    this.#held = null;
    this.#probe = null;
    this.#failures = 0;
  }
}

interface Refusal {
  readonly now: number;
  readonly pauseMs?: number | null;
  readonly byCall?: boolean;
}
