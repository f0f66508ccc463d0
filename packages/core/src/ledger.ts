import type { Ledger } from '@ringside/protocol';
import { type Campaign, fact } from './campaign.ts';
import { type Rollup, total, totalsUnder } from './rollup.ts';

/** What the ledger of a campaign is made of, and what follows from it. */
export interface Progress {
  readonly ledger: Ledger;
  readonly totalCalls: number;
  readonly totalKnown: boolean;
  /** Contacts that may still be called: not started, or waiting for a retry. */
  readonly toStart: number;
  readonly inFlight: number;
}

/**
 * Sorts the contacts into the ledger. What is declared rather than seen is derived here from counts: contacts not
 * started, those whose next attempt follows from the retry policy, and those that closing the list excluded.
 * @param closed the campaign was completed or cancelled, and nothing was dialed since
 */
export function progressOf(campaign: Campaign, rollup: Rollup, closed: boolean): Progress {
  const declared = fact(campaign, 'totalCalls');
  const seen = total(rollup, 'contacts');
  const totalCalls = Math.max(declared ?? 0, seen);
  const untouched = totalCalls - seen;
  const maxAttempts = fact(campaign, 'retry')?.maxAttempts ?? 1;
  let waitingRetry = 0;
  let unreached = 0;
  for (const [attempts, contacts] of totalsUnder(rollup, 'open.')) {
    if (Number(attempts) < maxAttempts && !closed) waitingRetry += contacts;
    else unreached += contacts;
  }
  for (const contacts of totalsUnder(rollup, 'due.').values()) {
    if (closed) unreached += contacts;
    else waitingRetry += contacts;
  }
  const inFlight = total(rollup, 'inFlight');
  const ledger: Ledger = {
    notStarted: closed ? 0 : untouched,
    waitingRetry,
    inFlight,
    reached: total(rollup, 'reached'),
    unreached,
    excluded: closed ? untouched : 0,
  };
  return { ledger, totalCalls, totalKnown: declared !== null, toStart: ledger.notStarted + waitingRetry, inFlight };
}
