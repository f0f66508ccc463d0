import {
  type Call,
  contactState,
  decidedAt,
  type Contact as Kept,
  lastEnded,
  MINUTE_MS,
  mayStillCome,
  minuteOf,
  type RetryReading,
  retryDueAt,
  unreachable,
} from '@ringside/core';
import type { Contact, ContactState, LeadStatus } from '@ringside/protocol';
import { attributesOf, contactIdOf, shownOf, timeOf } from './call-view.ts';
import type { ListedContact } from './read-source.ts';

/** What of its campaign says where a contact stands. */
export interface RetryRules {
  /** The campaign was completed or cancelled, and nothing was dialed since. */
  readonly closed: boolean;
  readonly retry: RetryReading;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What the ledger says of a contact. `nextRetryAt` is epoch milliseconds, `null` unless it waits for a retry. */
export interface ContactStanding {
  readonly state: ContactState;
  readonly nextRetryAt: number | null;
}

/** The bucket of the ledger that a contact is counted in. */
export function contactStanding(contact: Kept, rules: RetryRules): ContactStanding {
  const state = contactState(contact);
  switch (state) {
    case 'reached':
      return { state: 'reached', nextRetryAt: null };
    case 'in-flight':
      return { state: 'inFlight', nextRetryAt: null };
    case 'due':
    case 'open': {
      const nextRetryAt = rules.closed ? null : retryAt(contact, rules);
      return { state: nextRetryAt === null ? 'unreached' : 'waitingRetry', nextRetryAt };
    }
    default:
      return unreachable(state);
  }
}

/** A contact as the API shows it. @param calls the records of its attempts, oldest first */
export function contactView(
  contact: Kept,
  { state, nextRetryAt }: ContactStanding,
  leadStatus: LeadStatus | null,
  calls: readonly Call[],
): Contact {
  const last = lastEnded(contact);
  const dialed = contact.attempts.filter(({ number }) => number !== null).at(-1);
  return {
    contactId: contactIdOf(contact.key),
    number: shownOf(dialed?.number ?? null),
    attributes: Object.fromEntries(calls.flatMap((call) => Object.entries(attributesOf(call)))),
    state,
    attempts: contact.attempts.length,
    lastOutcome: last?.outcome ?? null,
    lastEndTime: timeOf(last?.endedAt),
    leadStatus,
    nextRetryAt: timeOf(nextRetryAt),
  };
}

/** A contact of the list before its first call. */
export function uncalledView(listed: ListedContact): Contact {
  return {
    contactId: contactIdOf(listed.contact_key),
    number: shownOf(listed.number),
    attributes: listedAttributes(listed),
    state: listed.excluded === null ? 'notStarted' : 'excluded',
    attempts: 0,
    lastOutcome: null,
    lastEndTime: null,
    leadStatus: null,
    nextRetryAt: null,
  };
}

/** What the list says of a contact. */
export function listedAttributes(listed: ListedContact | null): Contact['attributes'] {
  return listed?.attributes == null ? {} : JSON.parse(listed.attributes);
}

const leadOrder: readonly LeadStatus[] = ['no-answer', 'cold', 'warm', 'hot'];

/** The best of several verdicts. */
export function bestLead(leads: readonly (LeadStatus | null)[]): LeadStatus | null {
  const best = Math.max(-1, ...leads.map((lead) => (lead === null ? -1 : leadOrder.indexOf(lead))));
  return leadOrder[best] ?? null;
}

/** When the next attempt is due, `null` when none is. The ledger counts by the minute, so expiry does too. */
function retryAt(contact: Kept, { retry, now }: RetryRules): number | null {
  const { policy } = retry;
  const explicit = retryDueAt(contact);
  if (explicit !== null) return mayStillCome(retry, minuteOf(explicit) * MINUTE_MS, now) ? explicit : null;
  const endedAt = decidedAt(contact);
  if (endedAt === null || policy === null || contact.attempts.length >= policy.maxAttempts) return null;
  const delayMs = policy.delaySeconds * 1000;
  return mayStillCome(retry, minuteOf(endedAt) * MINUTE_MS + delayMs, now) ? endedAt + delayMs : null;
}
