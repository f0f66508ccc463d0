import type { AliasKind, CallDelivery, CallEvent, Delivery, Timing } from './event.ts';
import type { Source } from './register.ts';

/*
 * A delivery as a store keeps it, and as it crosses from one thread to another: JSON. Most are about a call, and of
 * those it is an array, in which a member's place is its meaning; a new member goes to the end. Deliveries about a
 * campaign are few, and stay objects.
 */

type PackedDelivery = readonly [
  hash: string,
  source: Source,
  receivedAt: number,
  aliases: readonly string[],
  to: string | null,
  from: string | null,
  contactId: string | null,
  attributes: CallDelivery['attributes'],
  events: readonly PackedEvent[],
];

/** What it says beside type and time is left out where that is nothing. */
type PackedEvent = readonly [type: CallEvent['type'], at: number, timing: Timing, ...said: unknown[]];

/** The text in which a delivery is kept and passed on. */
export function deliveryToText(delivery: Delivery): string {
  if (delivery.about === 'campaign') return JSON.stringify(delivery);
  const { hash, source, receivedAt, aliases, to, from, contactId, attributes, events } = delivery;
  const names = aliases.flatMap(({ kind, id }) => [kind, id]);
  const packed: PackedDelivery = [
    hash,
    source,
    receivedAt,
    names,
    to,
    from,
    contactId,
    attributes,
    events.map(packEvent),
  ];
  return JSON.stringify(packed);
}

/** A delivery from its text. @throws SyntaxError or TypeError for a text that {@link deliveryToText} did not make */
export function deliveryFromText(text: string): Delivery {
  const data = JSON.parse(text) as PackedDelivery | (Delivery & { about: 'campaign' });
  if (!isPacked(data)) return data;
  const [hash, source, receivedAt, names, to, from, contactId, attributes, events] = data;
  const aliases = [];
  for (let i = 0; i < names.length; i += 2) aliases.push({ kind: names[i] as AliasKind, id: names[i + 1] ?? '' });
  return {
    about: 'call',
    hash,
    source,
    receivedAt,
    aliases,
    to,
    from,
    contactId,
    attributes,
    events: events.map(readEvent),
  };
}

function isPacked(data: PackedDelivery | Delivery): data is PackedDelivery {
  return Array.isArray(data);
}

function packEvent(event: CallEvent): PackedEvent {
  const { type, at, timing } = event;
  switch (event.type) {
    case 'answered':
      return event.answeredBy === null ? [type, at, timing] : [type, at, timing, event.answeredBy];
    case 'ended': {
      const { end, billDuration, cost, digits, recordingUrl, retryDueAt } = event;
      return [type, at, timing, end, billDuration, cost, digits, recordingUrl, retryDueAt];
    }
    case 'lead':
      return [type, at, timing, event.lead];
    case 'recording':
      return [type, at, timing, event.recordingUrl];
    case 'retry':
      return [type, at, timing, event.dueAt];
    default:
      return [type, at, timing];
  }
}

function readEvent([type, at, timing, ...said]: PackedEvent): CallEvent {
  switch (type) {
    case 'answered':
      return { type, at, timing, answeredBy: said[0] ?? null } as CallEvent;
    case 'ended': {
      const [end, billDuration, cost, digits, recordingUrl, retryDueAt] = said;
      return { type, at, timing, end, billDuration, cost, digits, recordingUrl, retryDueAt } as CallEvent;
    }
    case 'lead':
      return { type, at, timing, lead: said[0] } as CallEvent;
    case 'recording':
      return { type, at, timing, recordingUrl: said[0] } as CallEvent;
    case 'retry':
      return { type, at, timing, dueAt: said[0] } as CallEvent;
    default:
      return { type, at, timing };
  }
}
