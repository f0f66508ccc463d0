import { type CallRow, type Contact, factsOf, normaliseNumber, spanOf, wasPlaced } from '@ringside/core';
import { contactStanding, type RetryRules } from '../contact-view.ts';
import { ask, type CampaignWork, find } from './campaign-work.ts';
import { Ties } from './ties.ts';

/** Calls and contacts that stand or fall together: what any of them says decides to whom the others belong. */
export interface RetentionGroup {
  readonly calls: ReadonlyMap<string, CallRow>;
  readonly contacts: readonly Contact[];
  /** False for a group that is too large to be deleted in one transaction. */
  readonly isWhole: boolean;
}

/** A group that is larger is kept: one transaction must not take minutes. */
const MOST_CALLS = 20_000;

/** The groups of some calls: everything that shares a contact, a number or a contact id with them. */
export function* groupsOf(
  firsts: readonly CallRow[],
  country: string | null,
  most = MOST_CALLS,
): CampaignWork<RetentionGroup[]> {
  const found = yield* everythingTiedTo(firsts, country, most);
  if (found.isWhole) return groupsIn(found);
  if (firsts.length === 1) return [{ ...found, contacts: [...found.contacts.values()] }];
  // Together they are too many, or one of them belongs to a group that is.
  let groups: RetentionGroup[] = [];
  for (const first of firsts) {
    if (groups.some(({ calls }) => calls.has(first.row))) continue;
    for (const group of yield* groupsOf([first], country, most)) groups = withGroup(groups, group);
  }
  return groups;
}

/** A call may lead to another that does not lead back to it: what has a call in common is one group. */
function withGroup(groups: readonly RetentionGroup[], added: RetentionGroup): RetentionGroup[] {
  const isTied = ({ calls }: RetentionGroup): boolean => [...added.calls.keys()].some((row) => calls.has(row));
  const all = [...groups.filter(isTied), added];
  const contacts = all.flatMap((group) => group.contacts.map((contact) => [contact.key, contact] as const));
  const joined: RetentionGroup = {
    calls: new Map(all.flatMap(({ calls }) => [...calls])),
    contacts: [...new Map(contacts).values()],
    isWhole: all.every(({ isWhole }) => isWhole),
  };
  return [...groups.filter((group) => !isTied(group)), joined];
}

interface Tied {
  readonly calls: Map<string, CallRow>;
  readonly contacts: Map<string, Contact>;
  readonly ties: Ties;
  readonly isWhole: boolean;
}

function* everythingTiedTo(firsts: readonly CallRow[], country: string | null, most: number): CampaignWork<Tied> {
  const calls = new Map<string, CallRow>();
  const contacts = new Map<string, Contact>();
  const ties = new Ties();
  const numbers = new Set<string>();
  const keys = new Set<string>();
  let fresh = firsts;
  while (fresh.length > 0) {
    for (const row of fresh) calls.set(row.row, row);
    if (calls.size > most) return { calls, contacts, ties, isWhole: false };
    const said = fresh.flatMap((row) => tieCall(ties, row, country));
    const newNumbers = fewer(said, numbers);
    const known = newNumbers.length === 0 ? new Map() : (yield* find({ numbers: newNumbers })).numbers;
    for (const number of newNumbers) {
      ties.tie(`number ${number}`, `contact number:${number}`);
      for (const id of known.get(number) ?? []) ties.tie(`number ${number}`, `contact id:${id}`);
    }
    const newKeys = fewer(
      [
        ...fresh.flatMap(({ contact, call }) => [contact ?? [], call.contactIds.map(({ value }) => `id:${value}`)]),
        ...newNumbers.map((number) => [
          `number:${number}`,
          ...(known.get(number) ?? []).map((id: string) => `id:${id}`),
        ]),
      ].flat(2),
      keys,
    );
    const found = newKeys.length === 0 ? [] : (yield* find({ contacts: newKeys })).contacts;
    for (const contact of found) {
      contacts.set(contact.key, contact);
      for (const { call } of contact.attempts) ties.tie(`contact ${contact.key}`, `call ${call}`);
    }
    // A call that was never placed is tied by its own number, once it is read.
    const unplaced = newNumbers.length === 0 ? [] : yield* ask((rows) => rows.unplacedOf(newNumbers));
    const names = [...found.flatMap(({ attempts }) => attempts.map(({ call }) => call)), ...unplaced];
    const unread = [...new Set(names)].filter((name) => !calls.has(name));
    fresh = unread.length === 0 ? [] : (yield* find({ rows: unread })).calls;
  }
  return { calls, contacts, ties, isWhole: true };
}

/** @returns the numbers that the call names */
function tieCall(ties: Ties, { row, contact, call }: CallRow, country: string | null): string[] {
  const numbers = call.to.map(({ value }) => normaliseNumber(value, country));
  for (const number of numbers) ties.tie(`call ${row}`, `number ${number}`);
  if (contact !== null) ties.tie(`call ${row}`, `contact ${contact}`);
  for (const { value } of call.contactIds) ties.tie(`call ${row}`, `contact id:${value}`);
  return numbers;
}

/** Those that are new, each once; they are known from then on. */
function fewer(names: readonly string[], known: Set<string>): string[] {
  const fresh = [...new Set(names)].filter((name) => !known.has(name));
  for (const name of fresh) known.add(name);
  return fresh;
}

function groupsIn({ calls, contacts, ties }: Tied): RetentionGroup[] {
  const groups = new Map<string, { calls: Map<string, CallRow>; contacts: Contact[] }>();
  const groupOf = (name: string) => {
    const first = ties.of(name);
    const group = groups.get(first) ?? { calls: new Map<string, CallRow>(), contacts: [] };
    groups.set(first, group);
    return group;
  };
  for (const [row, call] of calls) groupOf(`call ${row}`).calls.set(row, call);
  for (const [key, contact] of contacts) groupOf(`contact ${key}`).contacts.push(contact);
  return [...groups.values()].map((group) => ({ ...group, isWhole: true }));
}

/** True when nothing was said of any of its calls since a moment, all have ended, and nobody will be called again. */
export function isOver({ calls, contacts }: RetentionGroup, until: number, rules: RetryRules): boolean {
  for (const { call } of calls.values()) {
    if (spanOf(call).last > until || (wasPlaced(call) && factsOf(call).endedAt === null)) return false;
  }
  return contacts.every((contact) => {
    const { state } = contactStanding(contact, rules);
    return state === 'reached' || state === 'unreached';
  });
}
