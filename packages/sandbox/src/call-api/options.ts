import type { Effects } from '../effects.ts';
import type { Scenario } from '../scenarios.ts';
import type { ApiAccount } from './line.ts';
import type { FaultSettings } from './post-faults.ts';

export interface CallApiOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly accounts: readonly ApiAccount[];
  /** What calls are like; its contacts, callers, pace and retries do not matter here. */
  readonly scenario: Scenario;
  /** The same seed answers the same numbers alike. Default 1. */
  readonly seed?: string;
  /** Calls go that many times faster; CPS, delivery and faults do not. Default 1. */
  readonly speed?: number;
  /** IANA zone of the accounts' console. Default Asia/Kolkata. */
  readonly zone?: string;
  /** Requests that an account may send in any 5 s. Default 300. */
  readonly requestsPer5Seconds?: number;
  /** CallUUID differs from RequestUUID. Default: they are one. */
  readonly separateUuids?: boolean;
  /** A record can be had only so many seconds after the end of its call. Default 0. */
  readonly lateSeconds?: number;
  readonly faults?: Partial<FaultSettings>;
  /** A Ringside server, and a key of it, that hears the voice bot's verdicts. Default: there is no bot. */
  readonly leads?: { readonly url: string; readonly key: string };
  /** Callbacks under way at once. Default 256. */
  readonly connections?: number;
  /** Calls that are remembered. Default 1,000,000. */
  readonly remember?: number;
  readonly effects?: Partial<Effects>;
}
