import { type CallDelivery, type CallEvent, decimal, iso, unreachable } from '@ringside/core';
import type { CallDeliveryRecord, CallTimelineEvent } from '@ringside/protocol';
import { shownOf, timeOf } from './call-view.ts';

/** A delivery as it was stored. */
export interface StoredDelivery {
  readonly seq: number;
  readonly receivedAt: number;
  readonly delivery: CallDelivery;
  /** Query and body of a callback, with a line break between them. */
  readonly raw: string | null;
}

/** All that was said about a call, in order of time; what happened at once stays in order of receipt. */
export function timelineOf(stored: readonly StoredDelivery[], currency: string | null): CallTimelineEvent[] {
  return stored
    .flatMap((one) => one.delivery.events.map((event) => ({ event, one })))
    .sort((a, b) => a.event.at - b.event.at || a.one.seq - b.one.seq)
    .map(({ event, one }) => timelineEvent(one, event, currency));
}

/** The messages about a call, in order of receipt. */
export function deliveryRecords(stored: readonly StoredDelivery[]): CallDeliveryRecord[] {
  return stored.map(({ seq, receivedAt, delivery, raw }) => ({
    seq,
    receivedAt: iso(receivedAt),
    source: delivery.source,
    number: shownOf(delivery.to),
    from: shownOf(delivery.from),
    contactId: delivery.contactId,
    raw: raw === null ? null : splitRaw(raw),
  }));
}

/** A query cannot hold a line break, so the first one ends it. */
function splitRaw(raw: string): { query: string; body: string } {
  const at = raw.indexOf('\n');
  return { query: raw.slice(0, at), body: raw.slice(at + 1) };
}

function timelineEvent(
  { seq, receivedAt, delivery }: StoredDelivery,
  event: CallEvent,
  currency: string | null,
): CallTimelineEvent {
  const moment = {
    seq,
    at: iso(event.at),
    receivedAt: iso(receivedAt),
    source: delivery.source,
    timing: event.timing,
  };
  switch (event.type) {
    case 'initiated':
    case 'ringing':
    case 'machine':
    case 'note':
      return { ...moment, type: event.type };
    case 'answered':
      return { ...moment, type: 'answered', answeredBy: event.answeredBy };
    case 'ended':
      return { ...moment, type: 'ended', ...endOf(event, currency) };
    case 'lead': {
      const { status, score, reason, summary, by } = event.lead;
      return { ...moment, type: 'lead', leadStatus: status, leadScore: score, reason, summary, by };
    }
    case 'recording':
      return { ...moment, type: 'recording', recordingUrl: event.recordingUrl };
    case 'retry':
      return { ...moment, type: 'retry', retryDueAt: iso(event.dueAt) };
    default:
      return unreachable(event);
  }
}

function endOf(event: CallEvent & { readonly type: 'ended' }, currency: string | null) {
  const { end, billDuration, cost, digits, recordingUrl, retryDueAt } = event;
  return {
    status: end.status,
    hangupCode: end.code,
    hangupCause: end.cause,
    hangupSource: end.source,
    duration: end.duration,
    billDuration,
    cost: cost && decimal(cost.micros),
    currency: cost && (cost.currency ?? currency),
    digits,
    recordingUrl,
    retryDueAt: timeOf(retryDueAt),
  };
}
