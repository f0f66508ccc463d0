import type { Ledger } from '@ringside/protocol';
import { type Campaign, fact } from './campaign.ts';
import { MINUTE_MS, type Rollup, total, totalsUnder } from './rollup.ts';

/** What the ledger of a campaign is made of, and what follows from it. */
export interface Progress {
  readonly ledger: Ledger;
  readonly totalCalls: number;
  readonly totalKnown: boolean;
}

/** A retry that nobody started this long after it was due will not come: its contact is settled. */
export const RETRY_EXPIRES_MS = 24 * 60 * MINUTE_MS;

/**
 * Sorts the contacts into the ledger. What is declared rather than seen is derived here from counts and the clock:
 * contacts not started, whether another attempt follows from the retry policy, retries that never came, and what
 * closing the list excluded. So neither a new policy nor the closing of a list of a million writes anything.
 * @param closed the campaign was completed or cancelled, and nothing was dialed since
 * @param now epoch milliseconds
 */
export function progressOf(campaign: Campaign, rollup: Rollup, closed: boolean, now: number): Progress {
  const declared = fact(campaign, 'totalCalls');
  const seen = total(rollup, 'contacts');
  const totalCalls = Math.max(declared ?? 0, seen);
  const untouched = totalCalls - seen;
  const unsettled = sum(totalsUnder(rollup, 'open.')) + sum(totalsUnder(rollup, 'due.'));
  const waitingRetry = closed ? 0 : countWaiting(campaign, rollup, now);
  const ledger: Ledger = {
    notStarted: closed ? 0 : untouched,
    waitingRetry,
    inFlight: total(rollup, 'inFlight'),
    reached: total(rollup, 'reached'),
    unreached: unsettled - waitingRetry,
    excluded: closed ? untouched : 0,
  };
  return { ledger, totalCalls, totalKnown: declared !== null };
}

/** A group of contacts that wait for their next attempt. */
export interface WaitingGroup {
  /** Epoch milliseconds, to the minute. */
  readonly dueAt: number;
  /** Attempts that each of them has used. */
  readonly attempts: number;
  readonly contacts: number;
}

/**
 * Contacts that wait for a retry, by the minute in which it is due, oldest first. Where an end announced its retry
 * itself that time counts, else the end plus the policy's delay. Expired retries are left out.
 */
export function waitingGroups(campaign: Campaign, rollup: Rollup, now: number): WaitingGroup[] {
  const policy = fact(campaign, 'retry');
  const groups: WaitingGroup[] = [];
  for (const [minute, counts] of rollup.minutes) {
    for (const [key, contacts] of counts) {
      const group = groupOf(key, minute, contacts, policy);
      if (group && group.dueAt + RETRY_EXPIRES_MS > now) groups.push(group);
    }
  }
  return groups.sort((a, b) => a.dueAt - b.dueAt || a.attempts - b.attempts);
}

function groupOf(
  key: string,
  minute: number,
  contacts: number,
  policy: { maxAttempts: number; delaySeconds: number } | null,
): WaitingGroup | null {
  if (key.startsWith('dueAt.')) return { dueAt: minute * MINUTE_MS, attempts: Number(key.slice(6)), contacts };
  if (!key.startsWith('open.') || policy === null) return null;
  const attempts = Number(key.slice(5));
  if (attempts >= policy.maxAttempts) return null;
  return { dueAt: minute * MINUTE_MS + policy.delaySeconds * 1000, attempts, contacts };
}

function countWaiting(campaign: Campaign, rollup: Rollup, now: number): number {
  const maxAttempts = fact(campaign, 'retry')?.maxAttempts ?? 1;
  const mayWait = [...totalsUnder(rollup, 'open.')].some(([attempts]) => Number(attempts) < maxAttempts);
  if (!mayWait && totalsUnder(rollup, 'due.').size === 0) return 0;
  return waitingGroups(campaign, rollup, now).reduce((so, { contacts }) => so + contacts, 0);
}

function sum(counts: ReadonlyMap<string, number>): number {
  let so = 0;
  for (const n of counts.values()) so += n;
  return so;
}
