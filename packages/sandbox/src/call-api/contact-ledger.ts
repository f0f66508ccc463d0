import type { CallRecord } from '../record.ts';

/** Where a called number stands, as far as its calls tell: by the definitions of Ringside's report. */
export type ContactState = 'reached' | 'inFlight' | 'unreached';

export interface ContactEntry {
  readonly attempts: number;
  readonly state: ContactState;
}

/** Every called number, and how many are where. */
export interface ContactLedger {
  readonly contacts: ReadonlyMap<string, ContactEntry>;
  readonly counts: Readonly<Record<ContactState, number>>;
}

/**
 * The ledger of the numbers that were called. It knows neither the contacts that never were nor what retries are to come:
 * `unreached` is whoever was not reached by any call so far.
 */
export function contactLedger(calls: readonly CallRecord[]): ContactLedger {
  const contacts = new Map<string, ContactEntry>();
  for (const call of calls) {
    const before = contacts.get(call.number);
    contacts.set(call.number, { attempts: (before?.attempts ?? 0) + 1, state: together(before?.state, stateOf(call)) });
  }
  const counts = { reached: 0, inFlight: 0, unreached: 0 };
  for (const { state } of contacts.values()) counts[state] += 1;
  return { contacts, counts };
}

function stateOf({ ended, outcome }: CallRecord): ContactState {
  if (!ended) return 'inFlight';
  return outcome === 'completed' ? 'reached' : 'unreached';
}

function together(before: ContactState | undefined, now: ContactState): ContactState {
  if (before === 'reached' || now === 'reached') return 'reached';
  return before === 'inFlight' ? before : now;
}
