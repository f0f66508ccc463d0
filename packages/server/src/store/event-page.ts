import type { CampaignEvent, EventKey, EventPage } from '@ringside/core';

/** Which stretch of a campaign's timeline. */
export interface TimelineQuery {
  /** Events of a page at most. */
  readonly limit: number;
  /** `next` of the page before, `null` for the newest events. */
  readonly before: EventKey | null;
}

/** Rows of events as a store reads them for a page, the newest first. */
export interface EventRow {
  readonly event_key: EventKey;
  readonly entry: string;
}

/** Greater than every key. */
const NEWEST: EventKey = '~';

/** Up to which key, and how many rows, must be read for a page: one more than it shows on either side. */
export function rowsOfPage({ limit, before }: TimelineQuery): readonly [from: EventKey, rows: number] {
  return [before ?? NEWEST, limit + (before === null ? 1 : 2)];
}

/** @param rows those of {@link rowsOfPage} */
export function eventPageOf(
  rows: readonly EventRow[],
  { limit, before }: TimelineQuery,
): { readonly page: EventPage; readonly next: EventKey | null } {
  const [first] = rows;
  const isThere = first !== undefined && first.event_key === before;
  const older = isThere ? rows.slice(1) : rows;
  const shown = older.slice(0, limit);
  const hasOlder = older.length > limit;
  const page = {
    events: shown.map(eventOf).reverse(),
    newer: isThere ? eventOf(first) : null,
    hasOlder,
  };
  return { page, next: hasOlder ? (shown.at(-1)?.event_key ?? null) : null };
}

function eventOf({ entry }: EventRow): CampaignEvent {
  return JSON.parse(entry) as CampaignEvent;
}
