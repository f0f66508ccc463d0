import type { Outcome } from '@ringside/protocol';
import type { Call } from './call.ts';
import { callUuid } from './call.ts';
import { type CallFacts, factsOf } from './call-facts.ts';
import { compare } from './register.ts';

/** What a contact needs to know of one of its calls. Times are epoch milliseconds. */
export interface Attempt {
  /** Row key of the call. */
  readonly call: string;
  readonly uuid: string;
  readonly number: string | null;
  /** True when the call itself carries the contact's id, so that it never moves with its number. */
  readonly own: boolean;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly outcome: Outcome | null;
  readonly human: boolean;
  readonly retryDueAt: number | null;
}

/** One person on the list. Its state is a function of all its attempts. */
export interface Contact {
  /** See {@link contactKeyOf}. */
  readonly key: string;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
}

/**
 * Where a contact stands. `open`: its attempts all ended without reaching it, and whether another is due follows
 * from the campaign's retry policy; `due`: its last end announced another attempt itself.
 */
export type ContactState = 'reached' | 'in-flight' | 'open' | 'due';

export function attemptOf(row: string, call: Call, number: string | null, facts: CallFacts = factsOf(call)): Attempt {
  return {
    call: row,
    uuid: callUuid(call),
    number,
    own: call.contactIds.length > 0,
    startedAt: facts.startedAt ?? 0,
    endedAt: facts.endedAt,
    outcome: facts.outcome,
    human: facts.human,
    retryDueAt: call.retryDueAt?.value ?? null,
  };
}

/** Puts attempts in their one order, whatever order they came in. */
export function contactOf(key: string, attempts: readonly Attempt[]): Contact {
  const ordered = [...attempts].sort((a, b) => a.startedAt - b.startedAt || compare(a.uuid, b.uuid));
  return { key, attempts: ordered };
}

export function contactState(contact: Contact): ContactState {
  if (contact.attempts.some((attempt) => attempt.outcome === 'completed')) return 'reached';
  if (contact.attempts.some((attempt) => attempt.outcome === null)) return 'in-flight';
  return lastEnded(contact)?.retryDueAt != null ? 'due' : 'open';
}

/** When the contact came into its present state: the end that decided it. `null` while a call is live. */
export function decidedAt(contact: Contact): number | null {
  const state = contactState(contact);
  if (state === 'in-flight') return null;
  if (state !== 'reached') {
    const last = lastEnded(contact);
    return last ? endOf(last) : null;
  }
  const reaching = contact.attempts.filter((attempt) => attempt.outcome === 'completed');
  return Math.min(...reaching.map(endOf));
}

/** When the last end announced another attempt, epoch milliseconds, or `null`. */
export function retryDueAt(contact: Contact): number | null {
  return lastEnded(contact)?.retryDueAt ?? null;
}

/** The attempt that ended last, ties by the id that people see. */
export function lastEnded({ attempts }: Contact): Attempt | undefined {
  return attempts
    .filter(({ endedAt }) => endedAt !== null)
    .reduce<Attempt | undefined>((last, attempt) => {
      if (last === undefined) return attempt;
      const order = endOf(attempt) - endOf(last) || compare(attempt.uuid, last.uuid);
      return order > 0 ? attempt : last;
    }, undefined);
}

/**
 * When an attempt was over: not before it was placed, whatever its clocks said. Else the retry that it was would still
 * seem to be due by the end before it.
 */
function endOf({ startedAt, endedAt }: Attempt): number {
  return Math.max(startedAt, endedAt ?? 0);
}
