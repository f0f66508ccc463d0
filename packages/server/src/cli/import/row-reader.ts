import { readEvent } from '../../ingest/read-event.ts';
import { type Field, FieldMap, type Row } from './fields.ts';
import type { ReadRow } from './read-rows.ts';
import { eventsOfRow, RowError, type RowSettings } from './row-events.ts';
import type { ImportItem } from './target.ts';

/** What a file of past calls says, row by row. */
export interface RowReader {
  /** @throws RowError that says why the row cannot be used */
  read(row: ReadRow): readonly ImportItem[];
  /** Columns in which fields were found so far. */
  readonly fields: FieldMap;
  /** True once a row was an event of `/v1/events` as it is. */
  readonly hasEvents: boolean;
}

/** @param now when the import began, epoch milliseconds: nothing that it brings may lie much later */
export function rowReader(settings: RowSettings, mapping: ReadonlyMap<Field, string>, now: number): RowReader {
  const fields = new FieldMap(mapping);
  let hasEvents = false;
  return {
    fields,
    get hasEvents() {
      return hasEvents;
    },
    read({ row, reason }) {
      if (row === null) throw new RowError(reason ?? 'cannot be read');
      const isEvent = isEventRow(row);
      hasEvents ||= isEvent;
      const { campaignId } = settings;
      const events = isEvent
        ? [campaignId === null ? row : { ...row, campaignId }]
        : eventsOfRow(fields.read(row), isPlivo(row), settings);
      return events.map((event) => checked(event, now));
    },
  };
}

/** An event is checked here as the server would, so that no row comes to be stored by halves. */
function checked(event: unknown, now: number): ImportItem {
  const read = readEvent(event, now, 'import');
  if ('code' in read) throw new RowError(`${read.field} ${read.message}`);
  return { event, ...read };
}

function isEventRow({ type, at, callId }: Row): boolean {
  return typeof type === 'string' && typeof at === 'string' && (typeof callId === 'string' || type === 'campaign');
}

function isPlivo(row: Row): boolean {
  return Object.keys(row).some((column) => /^(call|request)_?uuid$/i.test(column));
}
