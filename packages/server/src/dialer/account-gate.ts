import type { Instant } from '../effects.ts';
import type { HoldWords } from './deliveries.ts';
import type { DialerSettings } from './settings.ts';

/** What an account said of itself by refusing, or by how calls ended. */
export type AccountTrouble = 'rate-limited' | 'out-of-credits' | 'account-refused' | 'provider-unavailable';

interface Held {
  readonly code: AccountTrouble;
  readonly message: string;
  readonly until: Until;
  readonly gapMs: number;
  /** Only the end of a call shows that it is over: the provider accepts what it will not place. */
  readonly endsByCall: boolean;
}

/** When something ends: it does by the clock that only goes forward, and is shown by the other. */
interface Until {
  readonly clock: number;
  readonly shown: number;
}

/** So many requests in a row that came to nothing count as the provider being away. */
const FAILURES_IN_A_ROW = 3;

/**
 * Whether an account may be asked for calls. After a refusal it rests, then one call tries whether that is over; when it
 * is not, the next rest is twice as long. `clock` is a time of the clock that only goes forward.
 */
export class AccountGate {
  readonly #settings: DialerSettings;
  #held: Held | null = null;
  /** The one attempt that tries. */
  #probe: string | null = null;
  #failures = 0;
  #learned: { readonly slots: number; readonly until: Until } | null = null;

  constructor(settings: DialerSettings) {
    this.#settings = settings;
  }

  mayStart(clock: number): boolean {
    if (this.#held === null) return true;
    return this.#held.until.clock <= clock && this.#probe === null;
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
  refused(code: AccountTrouble, message: string, { at, pauseMs = null, byCall = false }: Refusal): void {
    const before = this.#held;
    // What was under way when it was refused first tells nothing new.
    if (before !== null && before.code === code && before.until.clock > at.clock && pauseMs === null) return;
    const { firstHoldMs, longestHoldMs } = this.#settings;
    const gapMs = before?.code === code ? Math.min(before.gapMs * 2, longestHoldMs) : firstHoldMs;
    this.#held = { code, message, until: untilOf(at, pauseMs ?? gapMs), gapMs, endsByCall: byCall };
    this.#probe = null;
  }

  /** A request came to nothing, or nobody knows to what. */
  failed(attemptId: string, why: string, at: Instant): void {
    this.#failures += 1;
    const isProbe = this.#probe === attemptId;
    if (this.#failures < FAILURES_IN_A_ROW && !isProbe) return this.forget(attemptId);
    this.refused('provider-unavailable', `${why}. It is tried again with one call.`, { at });
    this.#probe = null;
  }

  /** The provider made a limit of concurrency felt. @param open calls under way */
  limited(open: number, at: Instant): void {
    this.#learned = { slots: Math.max(1, open), until: untilOf(at, this.#settings.learnedLimitMs) };
  }

  /** Calls that may be under way; infinite where nothing limits them. */
  slots(configured: number | null, clock: number): number {
    const learned =
      this.#learned !== null && this.#learned.until.clock > clock ? this.#learned.slots : Number.POSITIVE_INFINITY;
    return Math.min(configured ?? Number.POSITIVE_INFINITY, learned);
  }

  /** Why nothing is sent now, `null` when nothing hinders. @param open calls under way */
  hold(open: number, clock: number): HoldWords | null {
    if (this.#held !== null) {
      const { code, message, until } = this.#held;
      return { code, message, until: until.clock > clock ? until.shown : null };
    }
    if (this.#learned === null || this.#learned.until.clock <= clock || open < this.#learned.slots) return null;
    const message = `The provider allows no more than ${this.#learned.slots} calls at once for this account.`;
    return { code: 'account-limit', message, until: this.#learned.until.shown };
  }

  #open(): void {
    this.#held = null;
    this.#probe = null;
    this.#failures = 0;
  }
}

function untilOf({ now, clock }: Instant, ms: number): Until {
  return { clock: clock + ms, shown: now + ms };
}

interface Refusal {
  readonly at: Instant;
  readonly pauseMs?: number | null;
  readonly byCall?: boolean;
}
