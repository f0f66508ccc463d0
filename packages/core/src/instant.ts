import { EARLIEST_INSTANT, isInstant, LATEST_INSTANT } from '@ringside/protocol';

/**
 * ISO 8601 in UTC; milliseconds only where there are any. A damaged record must not make a whole report unreadable: of what
 * is no instant the nearest one is written, and of what is no number that of 1970.
 */
export function iso(at: number): string {
  const written = isInstant(at) ? at : Math.min(Math.max(Number.isNaN(at) ? 0 : at, EARLIEST_INSTANT), LATEST_INSTANT);
  return new Date(written).toISOString().replace('.000Z', 'Z');
}
