import type { Config } from '../../config/options.ts';
import type { Progress } from '../progress.ts';
import type { Check } from './check.ts';
import type { OpenAccount } from './check-access.ts';
import type { StoreFindings } from './store-findings.ts';

/** What is examined, and how. */
export interface Patient {
  readonly config: Config;
  /** Whether what differs is built again. */
  readonly fix: boolean;
  readonly progress: Progress;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What was found out about a store. */
export interface Examined {
  /** Where the store is, for people. */
  readonly place: string;
  /** A server has the store open. */
  readonly isRunning: boolean;
  readonly checks: readonly Check[];
  /** `null` where the campaigns could not be examined. */
  readonly store: StoreFindings | null;
  /** Campaigns that were built again. */
  readonly repaired: readonly string[];
  readonly accounts: readonly OpenAccount[];
}
