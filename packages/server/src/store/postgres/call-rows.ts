import {
  type CallRow,
  type Contact,
  type EventKey,
  type Found,
  type FoundEvents,
  fact,
  type Wanted,
} from '@ringside/core';
import { callRowOf, columnsOf, eventColumnsOf, type RowChanges, type StoredRow } from '../call-columns.ts';
import type { EndedCall, PlacedCall } from '../forecast-sample.ts';
import type { Session } from './session.ts';

/** Answers what the fold asks for. */
export async function readWanted(session: Session, campaign: string, wanted: Wanted): Promise<Found> {
  const { aliases, rows, numbers, contacts, events } = wanted;
  const [named, found, ids, people, around] = await Promise.all([
    some(aliases, () => session.rows<StoredRow>('calls-by-names', campaign, aliases)),
    some(rows, () => session.rows<StoredRow>('calls-by-rows', campaign, rows)),
    some(numbers, () => session.rows<{ number: string; contact_ids: string }>('numbers-ids', campaign, numbers)),
    some(contacts, () => contactsByKeys(session, campaign, contacts)),
    events && eventsAround(session, campaign, events),
  ]);
  return {
    calls: [...named, ...found].map(callRowOf),
    numbers: new Map(ids.map(({ number, contact_ids: list }) => [number, JSON.parse(list)])),
    contacts: people,
    ...(around && { events: around }),
  };
}

async function eventsAround(session: Session, campaign: string, wanted: readonly EventKey[]): Promise<FoundEvents> {
  const rows = await session.rows<{ key: EventKey; event_key: EventKey }>('campaign-events-around', campaign, wanted);
  return {
    known: rows.filter(({ key, event_key: stored }) => stored === key).map(({ key }) => key),
    changes: rows.filter(({ key, event_key: stored }) => stored !== key).map(({ event_key: stored }) => stored),
  };
}

export async function contactsByKeys(
  session: Session,
  campaign: string,
  keys: readonly string[],
): Promise<readonly Contact[]> {
  const found = await session.rows<{ contact_key: string; attempts: string }>('contacts-by-keys', campaign, keys);
  return found.map(({ contact_key: key, attempts }) => ({ key, attempts: JSON.parse(attempts) }));
}

/** Writes what a fold changed: one statement a table, whatever the number of rows. They travel together. */
export async function writeRows(session: Session, campaign: string, changes: RowChanges): Promise<void> {
  const { calls, removedCalls, aliases, contacts, removedContacts, numbers, events } = changes;
  await Promise.all([
    some(removedCalls, () => session.rows('calls-remove', campaign, removedCalls)),
    some(calls, () => putCalls(session, campaign, changes)),
    some(aliases, () => session.rows('aliases-put', campaign, first(aliases), second(aliases))),
    some(removedContacts, () => session.rows('contacts-remove', campaign, removedContacts)),
    some(contacts, () => {
      const attempts = contacts.map((contact) => JSON.stringify(contact.attempts));
      return session.rows(
        'contacts-put',
        campaign,
        contacts.map(({ key }) => key),
        attempts,
      );
    }),
    some(numbers, () => {
      const ids = numbers.map(([, list]) => JSON.stringify(list));
      return session.rows('numbers-put', campaign, first(numbers), ids);
    }),
    some(events, () => {
      const rows = events.map(eventColumnsOf);
      return session.rows(
        'campaign-events-put',
        campaign,
        rows.map(({ key }) => key),
        rows.map(({ isChange }) => isChange),
        rows.map(({ entry }) => entry),
      );
    }),
  ]);
}

function putCalls(session: Session, campaign: string, { calls, state }: RowChanges): Promise<unknown[]> {
  const country = fact(state.campaign, 'defaultCountry');
  const rows = calls.map((call) => columnsOf(call, country));
  return session.rows(
    'calls-put',
    campaign,
    calls.map(({ row }) => row),
    calls.map(({ seqs }) => seqs[0] ?? 0),
    rows.map(({ contact }) => contact),
    rows.map(({ startedAt }) => startedAt),
    rows.map(({ endedAt }) => endedAt),
    rows.map(({ lastAt }) => lastAt),
    rows.map(({ seqs }) => seqs),
    rows.map(({ record }) => record),
    rows.map(({ outcome }) => outcome),
    rows.map(({ lead }) => lead),
    rows.map(({ code }) => code),
    rows.map(({ answeredBy }) => answeredBy),
    rows.map(({ talk }) => talk),
    rows.map(({ number }) => number),
  );
}

/** Calls that ended last, newest first. */
export async function newestCalls(session: Session, campaign: string, limit: number): Promise<CallRow[]> {
  return (await session.rows<StoredRow>('calls-newest', campaign, limit)).map(callRowOf);
}

/** Calls without an end that were placed first, at most so many. */
export function placedCalls(session: Session, campaign: string, limit: number): Promise<PlacedCall[]> {
  return session.rows('calls-live-of-campaign', campaign, limit);
}

/** The calls that ended last, at least so many if there are, and with them those that ended when the last of them did. */
export async function sampleCalls(session: Session, campaign: string, count: number): Promise<EndedCall[]> {
  const newest = await session.rows<EndedCall>('calls-sample', campaign, count);
  const last = newest.at(-1);
  if (newest.length < count || !last) return newest;
  const alike = await session.rows<EndedCall>('calls-sample-at', campaign, last.ended_at, count);
  return [...newest.filter((call) => call.ended_at !== last.ended_at), ...alike];
}

/** Nothing is asked where nothing is wanted. */
export async function some<T>(wanted: readonly unknown[], run: () => Promise<readonly T[]>): Promise<readonly T[]> {
  return wanted.length === 0 ? [] : run();
}

function first<T>(pairs: readonly (readonly [string, T])[]): string[] {
  return pairs.map(([name]) => name);
}

function second<T>(pairs: readonly (readonly [string, T])[]): T[] {
  return pairs.map(([, value]) => value);
}
