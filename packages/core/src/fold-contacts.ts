import { wasPlaced } from './call-facts.ts';
import { type Campaign, fact } from './campaign.ts';
import { type Attempt, attemptOf, type Contact, contactOf } from './contact.ts';
import { callContribution, contactContribution } from './contribution.ts';
import { type ContactChange, scoreCalls } from './fold-scores.ts';
import {
  adopt,
  type CallRow,
  type Changes,
  changedRows,
  type Found,
  nothingWanted,
  put,
  type Wanted,
  type Work,
} from './fold-work.ts';
import { contactKeyOf, numberOf, statedPairs } from './identity.ts';
import { rulesOf } from './lead-score.ts';
import { addCounts, emptyRollup } from './rollup.ts';

type Settled = Pick<Changes, 'contacts' | 'removedContacts' | 'numbers' | 'delta'>;

/** Gives every changed call its contact and score, moves calls whose number became known as somebody's, and counts. */
export function* settleContacts(campaign: Campaign, work: Work): Generator<Wanted, Settled, Found> {
  const country = fact(campaign, 'defaultCountry');
  const changed = changedRows(work);
  if (changed.length === 0) return { contacts: [], removedContacts: [], numbers: [], delta: emptyRollup() };
  const people = yield* learnNumbers(changed, country);
  const contacts = yield* loadContacts(work, changed, people, country);
  yield* loadMoving(work, contacts, people);
  assignContacts(work, people, country);
  const changes = contactChanges(work, contacts, country);
  yield* scoreCalls(work, changes, rulesOf(campaign));
  return {
    ...settle(work, changes),
    numbers: [...people.renamed].map((number) => [number, people.ids.get(number) ?? []]),
  };
}

/** Whose number is whose: contact ids by number, and the numbers about which this batch taught something. */
interface People {
  readonly ids: Map<string, readonly string[]>;
  readonly renamed: Set<string>;
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
  const found = yield { ...nothingWanted, numbers: [...numbers] };
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
  const found = yield { ...nothingWanted, contacts: [...keys] };
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
  const found = yield { ...nothingWanted, rows: moving };
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

/** Moves attempts between contacts. */
function contactChanges(work: Work, known: ReadonlyMap<string, Contact>, country: string | null): ContactChange[] {
  const attempts = new Map<string, Map<string, Attempt>>();
  for (const { key, attempts: list } of known.values()) {
    attempts.set(key, new Map(list.map((attempt) => [attempt.call, attempt])));
  }
  for (const [row, old] of work.before) {
    if (old?.contact == null || work.rows.get(row) === old) continue;
    attempts.get(old.contact)?.delete(row);
  }
  for (const row of changedRows(work)) {
    if (row.contact === null) continue;
    const list = attempts.get(row.contact) ?? new Map<string, Attempt>();
    attempts.set(row.contact, list.set(row.row, attemptOf(row.row, row.call, numberOf(row.call, country))));
  }
  return [...attempts].flatMap(([key, list]) => {
    const before = known.get(key);
    if (before && sameAttempts(before.attempts, list)) return [];
    return [{ before, after: contactOf(key, [...list.values()]) }];
  });
}

/** Sums the difference that the batch makes. */
function settle(work: Work, changes: readonly ContactChange[]): Omit<Settled, 'numbers'> {
  const delta = emptyRollup();
  for (const [row, old] of work.before) {
    if (old !== null && work.rows.get(row) !== old) addCounts(delta, callContribution(old.call), -1);
  }
  for (const { call } of changedRows(work)) addCounts(delta, callContribution(call), 1);
  for (const { before, after } of changes) {
    if (before) addCounts(delta, contactContribution(before), -1);
    addCounts(delta, contactContribution(after), 1);
  }
  const contacts = changes.map(({ after }) => after);
  return {
    delta,
    contacts: contacts.filter(({ attempts }) => attempts.length > 0),
    removedContacts: changes
      .filter(({ before, after }) => before && after.attempts.length === 0)
      .map(({ after }) => after.key),
  };
}

function sameAttempts(old: readonly Attempt[], now: ReadonlyMap<string, Attempt>): boolean {
  return old.length === now.size && old.every((attempt) => now.get(attempt.call) === attempt);
}
