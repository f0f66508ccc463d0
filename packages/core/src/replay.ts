import type { Delivery } from './event.ts';

/**
 * What was known at a moment, as far as it is told by the times of events: the delivery without the events that came
 * later, or `null` when all of them did.
 * @param at epoch milliseconds
 */
export function knownAt(delivery: Delivery, at: number): Delivery | null {
  if (delivery.about === 'campaign') return delivery.at <= at ? delivery : null;
  const events = delivery.events.filter((event) => event.at <= at);
  if (events.length === 0) return null;
  return events.length === delivery.events.length ? delivery : { ...delivery, events };
}
