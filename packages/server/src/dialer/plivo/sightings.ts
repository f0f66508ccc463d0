import { iso } from '@ringside/core';
import type { Effects } from '../../effects.ts';
import { readTime } from '../../providers/plivo/call-record.ts';
import type { PlivoReads } from '../../providers/plivo/plivo-reads.ts';
import type { Sent, Sighting } from '../call-provider.ts';

/** A call that may or may not have been made. Numbers as digits. */
export interface Sought {
  readonly from: string;
  readonly to: string;
  readonly requestId: string | null;
  readonly sent: Sent;
  /** Of some ids those that are known to be other calls. */
  readonly others: (ids: readonly string[]) => Promise<readonly string[]>;
}

/** What is known of a call in one of the lists. Its numbers never change. */
interface Listed {
  readonly from: string;
  readonly to: string;
}

type Found = Sighting & { readonly kind: 'live' | 'queued' | 'ended' | 'unavailable' };

/** Calls whose numbers are remembered between looks, and asked for in one look. */
const MOST_REMEMBERED = 5_000;
const MOST_ASKED = 200;
const RECORDS_OF_PAGE = 20;
const MOST_PAGES = 5;
/** Times of providers are exact to the second. */
const MARGIN_MS = 1_000;
/** By how much the clocks of nodes, and that of the provider, may differ. */
const CLOCKS_DIFFER_MS = 5 * 60_000;
const LONGEST_AGO_MS = 24 * 3_600_000;

/**
 * Looks for a call by its numbers where Plivo keeps calls: the queue, the live calls, the records of those that are over.
 * In this order, which is the order in which a call goes through them, so that none slips past.
 */
export class Sightings {
  readonly #reads: Pick<PlivoReads, 'get' | 'providerTime'>;
  readonly #now: Effects['now'];
  readonly #remembered = new Map<string, Listed>();

  constructor(reads: Pick<PlivoReads, 'get' | 'providerTime'>, now: Effects['now']) {
    this.#reads = reads;
    this.#now = now;
  }

  async look(sought: Sought, signal: AbortSignal): Promise<Sighting> {
    for (const list of ['queued', 'live'] as const) {
      const found = await this.#inList(list, sought, signal);
      if (found) return found;
    }
    return (await this.#inRecords(sought, signal)) ?? { kind: 'none', what: 'neither queued nor live, and no record' };
  }

  /** Ids in the queue and among the live calls; `null` when one of the lists cannot be read. */
  async underWay(signal: AbortSignal): Promise<ReadonlySet<string> | null> {
    const underWay = new Set<string>();
    for (const list of ['queued', 'live']) {
      const answer = await this.#reads.get(`Call/?status=${list}`, signal);
      const ids = answer.kind === 'found' ? idsOf(answer.body) : null;
      if (ids === null) return null;
      for (const id of ids) underWay.add(id);
    }
    return underWay;
  }

  async #inList(list: 'queued' | 'live', sought: Sought, signal: AbortSignal): Promise<Found | null> {
    const answer = await this.#reads.get(`Call/?status=${list}`, signal);
    const ids = answer.kind === 'found' ? idsOf(answer.body) : null;
    if (ids === null) return unavailable(answer, `the list of ${list} calls`);
    const unknown = ids.filter((id) => !this.#remembered.has(id));
    for (const id of unknown.slice(0, MOST_ASKED)) {
      const one = await this.#reads.get(`Call/${encodeURIComponent(id)}/?status=${list}`, signal);
      // It went on to the next list meanwhile, where it is looked for too.
      if (one.kind === 'none') continue;
      const listed = one.kind === 'found' ? listedOf(one.body) : null;
      if (listed === null) return unavailable(one, `a ${list} call`);
      this.#remember(id, listed);
    }
    if (unknown.length > MOST_ASKED)
      return { kind: 'unavailable', what: `there are too many ${list} calls to look at` };
    const matches = ids.filter((id) => id === sought.requestId || isSought(this.#remembered.get(id), sought));
    return foundOf(list, await withoutOthers(matches, sought));
  }

  async #inRecords(sought: Sought, signal: AbortSignal): Promise<Found | null> {
    // The provider has told its time by now, with the lists that were read before.
    const since = sentSince(sought.sent, { provider: this.#reads.providerTime(), own: this.#now() });
    const matches: string[] = [];
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer = await this.#reads.get(`Call/?${recordQuery(sought, since, page * RECORDS_OF_PAGE)}`, signal);
      const records = answer.kind === 'found' ? recordsOf(answer.body) : null;
      if (records === null) return unavailable(answer, 'the list of records');
      matches.push(
        ...records.flatMap((record) => (isRecordOf(record, sought, since) ? (textOf(record.call_uuid) ?? []) : [])),
      );
      if (records.length < RECORDS_OF_PAGE) return foundOf('ended', await withoutOthers(matches, sought));
    }
    return { kind: 'unavailable', what: 'there are too many records to look at' };
  }

  #remember(id: string, listed: Listed): void {
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(id, listed);
  }
}

/**
 * The moment from which on the call may have been placed, by the provider's clock: rather too early than too late, for
 * whoever is not found is called again, and calls that are known to be others are left out in any case.
 * @param times what both clocks show now, epoch milliseconds
 */
export function sentSince(
  { knownForMs, at }: Sent,
  times: { readonly provider: number; readonly own: number },
): number {
  const known = times.provider - knownForMs();
  if (at === null) return known - MARGIN_MS;
  const told = Math.min(at, at + times.provider - times.own) - CLOCKS_DIFFER_MS;
  // Nobody sent it after it was taken over: the clock by which that was noted was set back since.
  return told <= known ? told : known - LONGEST_AGO_MS;
}

async function withoutOthers(ids: readonly string[], { others }: Sought): Promise<readonly string[]> {
  const known = new Set(await others(ids));
  return ids.filter((id) => !known.has(id));
}

function foundOf(kind: 'queued' | 'live' | 'ended', matches: readonly string[]): Found | null {
  const [requestId, ...more] = matches;
  if (requestId === undefined) return null;
  if (more.length > 0) return { kind: 'unavailable', what: `${matches.length} ${kind} calls could be the one` };
  return { kind, requestId, what: kind === 'ended' ? 'a record of a call that is over' : `a ${kind} call` };
}

function unavailable(answer: { readonly kind: string; readonly reason?: string }, what: string): Found {
  return { kind: 'unavailable', what: answer.reason ?? `Plivo’s answer about ${what} cannot be read` };
}

/** Plivo filters by the end of calls, in UTC. */
function recordQuery({ from, to }: Sought, since: number, offset: number): string {
  const after = iso(since).replace('T', ' ').slice(0, 19);
  const filters = { from_number: digits(from), to_number: digits(to), end_time__gte: after };
  return new URLSearchParams({ ...filters, limit: `${RECORDS_OF_PAGE}`, offset: `${offset}` }).toString();
}

type Fields = Readonly<Record<string, unknown>>;

function isRecordOf(record: Fields, sought: Sought, since: number): boolean {
  const listed = { from: textOf(record.from_number) ?? '', to: textOf(record.to_number) ?? '' };
  const placedAt = readTime(textOf(record.initiation_time)) ?? Number.NaN;
  // A record is exact to the second. One whose time cannot be read may be the one: nothing must be concluded without it.
  return isSought(listed, sought) && !(placedAt < Math.floor(since / 1_000) * 1_000);
}

function isSought(listed: Listed | undefined, { from, to }: Sought): boolean {
  return listed !== undefined && digits(listed.from) === digits(from) && digits(listed.to) === digits(to);
}

function digits(number: string): string {
  return number.replace(/^\+/, '');
}

function idsOf(body: unknown): string[] | null {
  const { calls } = (body ?? {}) as { readonly calls?: unknown };
  return Array.isArray(calls) && calls.every((id) => typeof id === 'string') ? calls : null;
}

function listedOf(body: unknown): Listed | null {
  const { from, to } = (body ?? {}) as { readonly from?: unknown; readonly to?: unknown };
  return typeof from === 'string' && typeof to === 'string' ? { from, to } : null;
}

function recordsOf(body: unknown): Fields[] | null {
  const { objects } = (body ?? {}) as { readonly objects?: unknown };
  const isRecord = (one: unknown): one is Fields => typeof one === 'object' && one !== null;
  return Array.isArray(objects) && objects.every(isRecord) ? objects : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
