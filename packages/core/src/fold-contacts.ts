import { wasPlaced } from './call-facts.ts';
import { type Campaign, fact } from './campaign.ts';
import { type Attempt, attemptOf, type Contact, contactOf } from './contact.ts';
import { callContribution, contactContribution } from './contribution.ts';
import { adopt, type CallRow, type Changes, type Found, put, type Wanted, type Work } from './fold-work.ts';
import { contactKeyOf, numberOf, statedPairs } from './identity.ts';
import { addCounts, emptyRollup, type Rollup } from './rollup.ts';

type Settled = Pick<Changes, 'contacts' | 'removedContacts' | 'numbers' | 'delta'>;

const nothing = { aliases: [], rows: [], numbers: [], contacts: [] };

/** Gives every changed call its contact, moves calls whose number became known as somebody's, and counts. */
export function* settleContacts(campaign: Campaign, work: Work): Generator<Wanted, Settled, Found> {
  const country = fact(campaign, 'defaultCountry');
  const changed = changedRows(work);
  if (changed.length === 0) return { contacts: [], removedContacts: [], numbers: [], delta: emptyRollup() };
  const people = yield* learnNumbers(changed, country);
  const contacts = yield* loadContacts(work, changed, people, country);
  yield* loadMoving(work, contacts, people);
  assignContacts(work, people, country);
  const settled = settle(work, contacts, country);
  return { ...settled, numbers: [...people.renamed].map((number) => [number, people.ids.get(number) ?? []]) };
}

/** Whose number is whose: contact ids by number, and the numbers about which this batch taught something. */
interface People {
  readonly ids: Map<string, readonly string[]>;
  readonly renamed: Set<string>;
}

function changedRows(work: Work): CallRow[] {
  return [...work.rows.values()].filter((row) => work.before.get(row.row) !== row);
}

function* learnNumbers(changed: readonly CallRow[], country: string | null): Generator<Wanted, People, Found> {
  const numbers = new Set<string>();
  const pairs = changed.flatMap(({ call }) => statedPairs(call, country));
  for (const { call } of changed) {
    const number = numberOf(call, country);
    if (number !== null) numbers.add(number);
  }
  for (const [number] of pairs) numbers.add(number);
  if (numbers.size === 0) return { ids: new Map(), renamed: new Set() };
  const found = yield { ...nothing, numbers: [...numbers] };
  const people: People = { ids: new Map(found.numbers), renamed: new Set() };
  for (const [number, id] of pairs) {
    const known = people.ids.get(number) ?? [];
    if (known.includes(id)) continue;
    people.ids.set(number, [...known, id].sort());
    people.renamed.add(number);
  }
  return people;
}

function keyOf(row: CallRow, people: People, country: string | null): string {
  const number = numberOf(row.call, country);
  return contactKeyOf(row.call, number, number === null ? [] : (people.ids.get(number) ?? []));
}

/** Contacts that may gain or lose an attempt: the old and new ones of changed calls, and those of renamed numbers. */
function* loadContacts(
  work: Work,
  changed: readonly CallRow[],
  people: People,
  country: string | null,
): Generator<Wanted, Map<string, Contact>, Found> {
  const keys = new Set<string>();
  for (const row of work.before.values()) if (row?.contact) keys.add(row.contact);
  for (const row of changed) keys.add(keyOf(row, people, country));
  for (const number of people.renamed) {
    keys.add(`number:${number}`);
    for (const id of people.ids.get(number) ?? []) keys.add(`id:${id}`);
  }
  const found = yield { ...nothing, contacts: [...keys] };
  return new Map(found.contacts.map((contact) => [contact.key, contact]));
}

/** Calls outside the batch that follow their number to another contact. */
function* loadMoving(
  work: Work,
  contacts: ReadonlyMap<string, Contact>,
  people: People,
): Generator<Wanted, void, Found> {
  if (people.renamed.size === 0) return;
  const moving = [...contacts.values()]
    .flatMap((contact) => contact.attempts)
    .filter((attempt) => !attempt.own && attempt.number !== null && people.renamed.has(attempt.number))
    .map((attempt) => attempt.call)
    .filter((row) => !work.before.has(row));
  if (moving.length === 0) return;
  const found = yield { ...nothing, rows: moving };
  for (const row of found.calls) adopt(work, row);
}

function assignContacts(work: Work, people: People, country: string | null): void {
  for (const row of [...work.rows.values()]) {
    const number = numberOf(row.call, country);
    const isConcerned = work.before.get(row.row) !== row || (number !== null && people.renamed.has(number));
    if (!isConcerned) continue;
    const key = wasPlaced(row.call) ? keyOf(row, people, country) : null;
    if (key !== row.contact) put(work, { ...row, contact: key });
  }
}

/** Moves attempts between contacts and sums the difference that all this makes. */
function settle(work: Work, before: ReadonlyMap<string, Contact>, country: string | null): Omit<Settled, 'numbers'> {
  const delta = emptyRollup();
  const attempts = new Map<string, Map<string, Attempt>>();
  for (const { key, attempts: list } of before.values()) {
    attempts.set(key, new Map(list.map((attempt) => [attempt.call, attempt])));
  }
  for (const [row, old] of work.before) {
    if (old === null || work.rows.get(row) === old) continue;
    addCounts(delta, callContribution(old.call), -1);
    if (old.contact !== null) attempts.get(old.contact)?.delete(row);
  }
  for (const row of changedRows(work)) {
    addCounts(delta, callContribution(row.call), 1);
    if (row.contact === null) continue;
    const list = attempts.get(row.contact) ?? new Map<string, Attempt>();
    attempts.set(row.contact, list.set(row.row, attemptOf(row.row, row.call, numberOf(row.call, country))));
  }
  return { delta, ...recount(delta, before, attempts) };
}

function recount(
  delta: Rollup,
  before: ReadonlyMap<string, Contact>,
  attempts: ReadonlyMap<string, ReadonlyMap<string, Attempt>>,
): Pick<Settled, 'contacts' | 'removedContacts'> {
  const contacts: Contact[] = [];
  const removedContacts: string[] = [];
  for (const [key, list] of attempts) {
    const old = before.get(key);
    if (old && sameAttempts(old.attempts, list)) continue;
    const contact = contactOf(key, [...list.values()]);
    if (old) addCounts(delta, contactContribution(old), -1);
    addCounts(delta, contactContribution(contact), 1);
    if (list.size > 0) contacts.push(contact);
    else if (old) removedContacts.push(key);
  }
  return { contacts, removedContacts };
}

function sameAttempts(old: readonly Attempt[], now: ReadonlyMap<string, Attempt>): boolean {
  return old.length === now.size && old.every((attempt) => now.get(attempt.call) === attempt);
}
