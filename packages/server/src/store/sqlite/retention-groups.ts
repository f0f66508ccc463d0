import { type CallRow, type Contact, type Found, factsOf, normaliseNumber, spanOf, wasPlaced } from '@ringside/core';
import { contactStanding, type RetryRules } from '../contact-view.ts';

/** Calls and contacts that stand or fall together: what any of them says decides to whom the others belong. */
export interface RetentionGroup {
  readonly calls: ReadonlyMap<string, CallRow>;
  readonly contacts: ReadonlyMap<string, Contact>;
  /** False for a group that is too large to be deleted in one transaction. */
  readonly isWhole: boolean;
}

/** How a group is found. */
export interface GroupReads {
  readonly read: (wanted: {
    rows?: readonly string[];
    numbers?: readonly string[];
    contacts?: readonly string[];
  }) => Found;
  /** Rows of calls that were never placed but name a number. */
  readonly unplaced: (number: string) => readonly string[];
  readonly country: string | null;
}

/** A group that is larger is kept: one transaction must not take minutes. */
const MOST_CALLS = 20_000;

/** Everything that shares a contact, a number or a contact id with a call. */
export function groupOf(first: CallRow, { read, unplaced, country }: GroupReads): RetentionGroup {
  const calls = new Map<string, CallRow>();
  const contacts = new Map<string, Contact>();
  const numbers = new Set<string>();
  const keys = new Set<string>();
  let fresh: readonly CallRow[] = [first];
  while (fresh.length > 0) {
    for (const row of fresh) calls.set(row.row, row);
    if (calls.size > MOST_CALLS) return { calls, contacts, isWhole: false };
    const said = fresh.flatMap(({ call }) => call.to.map(({ value }) => normaliseNumber(value, country)));
    const newNumbers = [...new Set(said)].filter((number) => !numbers.has(number));
    for (const number of newNumbers) numbers.add(number);
    const known = read({ numbers: newNumbers }).numbers;
    const newKeys = [
      ...fresh.flatMap(({ contact, call }) =>
        [contact ?? [], ...call.contactIds.map(({ value }) => `id:${value}`)].flat(),
      ),
      ...newNumbers.flatMap((number) => [`number:${number}`, ...(known.get(number) ?? []).map((id) => `id:${id}`)]),
    ].filter((key) => !keys.has(key));
    for (const key of newKeys) keys.add(key);
    const found = read({ contacts: [...new Set(newKeys)] }).contacts;
    for (const contact of found) contacts.set(contact.key, contact);
    const names = [
      ...found.flatMap(({ attempts }) => attempts.map(({ call }) => call)),
      ...newNumbers.flatMap(unplaced),
    ];
    fresh = read({ rows: [...new Set(names)].filter((name) => !calls.has(name)) }).calls;
  }
  return { calls, contacts, isWhole: true };
}

/** True when nothing was said of any of its calls since a moment, all have ended, and nobody will be called again. */
export function isOver({ calls, contacts }: RetentionGroup, until: number, rules: RetryRules): boolean {
  for (const { call } of calls.values()) {
    if (spanOf(call).last > until || (wasPlaced(call) && factsOf(call).endedAt === null)) return false;
  }
  return [...contacts.values()].every((contact) => {
    const { state } = contactStanding(contact, rules);
    return state === 'reached' || state === 'unreached';
  });
}
