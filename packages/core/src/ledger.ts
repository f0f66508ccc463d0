import type { Ledger } from '@ringside/protocol';
import { type Campaign, fact, isBuiltIn } from './campaign.ts';
import { MINUTE_MS, type Rollup, total, totalsUnder } from './rollup.ts';

/** What the ledger of a campaign is made of, and what follows from it. */
export interface Progress {
  readonly ledger: Ledger;
  readonly totalCalls: number;
  readonly totalKnown: boolean;
}

/** What says whether contacts that were not reached are called again. */
export interface RetryReading {
  readonly policy: { readonly maxAttempts: number; readonly delaySeconds: number } | null;
  /**
   * Every retry is announced, by the dialer of Ringside, and comes however late: the policy says nothing more, and
   * waiting does not end by itself.
   */
  readonly isAnnounced: boolean;
}

/** What the attempts of a campaign that are over are read by. */
export function retryReadingOf(campaign: Campaign): RetryReading {
  return isBuiltIn(campaign)
    ? { policy: null, isAnnounced: true }
    : { policy: fact(campaign, 'retry'), isAnnounced: false };
}

/** Whether a retry that was due then may still come. Both epoch milliseconds. */
export function mayStillCome({ isAnnounced }: RetryReading, dueAt: number, now: number): boolean {
  return isAnnounced || dueAt + RETRY_EXPIRES_MS > now;
}

/** A retry that nobody started this long after it was due will not come: its contact is settled. */
export const RETRY_EXPIRES_MS = 24 * 60 * MINUTE_MS;

/**
 * Sorts the contacts into the ledger. What is declared rather than seen is derived here from counts and the clock:
 * contacts not started, whether another attempt follows from the retry policy, retries that never came, who of the
 * list is not to be called, and what closing the list excluded. So neither a new policy nor the closing of a list of a
 * million writes anything.
 * @param closed the campaign was completed or cancelled, and nothing was dialed since
 * @param now epoch milliseconds
 */
export function progressOf(campaign: Campaign, rollup: Rollup, closed: boolean, now: number): Progress {
  const declared = fact(campaign, 'totalCalls');
  const seen = total(rollup, 'contacts');
  const totalCalls = Math.max(declared ?? 0, seen);
  const unseen = totalCalls - seen;
  const excluded = Math.min(unseen, sum(Object.values(fact(campaign, 'listExcluded') ?? {})));
  const unsettled = sum(totalsUnder(rollup, 'open.').values()) + sum(totalsUnder(rollup, 'due.').values());
  const waitingRetry = closed ? 0 : countWaiting(campaign, rollup, now);
  const ledger: Ledger = {
    notStarted: closed ? 0 : unseen - excluded,
    waitingRetry,
    inFlight: total(rollup, 'inFlight'),
    reached: total(rollup, 'reached'),
    unreached: unsettled - waitingRetry,
    excluded: closed ? unseen : excluded,
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
 * itself that time counts, else the end plus the policy's delay. Retries that will not come any more are left out.
 */
export function waitingGroups(campaign: Campaign, rollup: Rollup, now: number): WaitingGroup[] {
  const reading = retryReadingOf(campaign);
  const groups: WaitingGroup[] = [];
  for (const [minute, counts] of rollup.minutes) {
    for (const [key, contacts] of counts) {
      const group = groupOf({ key, minute, contacts }, reading);
      if (group && mayStillCome(reading, group.dueAt, now)) groups.push(group);
    }
  }
  return groups.sort((a, b) => a.dueAt - b.dueAt || a.attempts - b.attempts);
}

interface MinuteCount {
  readonly key: string;
  readonly minute: number;
  readonly contacts: number;
}

function groupOf({ key, minute, contacts }: MinuteCount, { policy }: RetryReading): WaitingGroup | null {
  if (key.startsWith('dueAt.')) return { dueAt: minute * MINUTE_MS, attempts: Number(key.slice(6)), contacts };
  if (!key.startsWith('open.') || policy === null) return null;
  const attempts = Number(key.slice(5));
  if (attempts >= policy.maxAttempts) return null;
  return { dueAt: minute * MINUTE_MS + policy.delaySeconds * 1000, attempts, contacts };
}

function countWaiting(campaign: Campaign, rollup: Rollup, now: number): number {
  const maxAttempts = retryReadingOf(campaign).policy?.maxAttempts ?? 1;
  const mayWait = [...totalsUnder(rollup, 'open.')].some(([attempts]) => Number(attempts) < maxAttempts);
  if (!mayWait && totalsUnder(rollup, 'due.').size === 0) return 0;
  return waitingGroups(campaign, rollup, now).reduce((so, { contacts }) => so + contacts, 0);
}

function sum(counts: Iterable<number>): number {
  let so = 0;
  for (const n of counts) so += n;
  return so;
}
