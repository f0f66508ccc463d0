import { maskNumber } from '@ringside/core';
import type {
  Attributes,
  Call,
  CallDetail,
  CallTimelineEvent,
  Contact,
  LeadPreview,
  RecentCall,
} from '@ringside/protocol';

/**
 * Long runs of digits in free text: nine and more with single separators, or seven and more without. A date has eight
 * digits with separators, so it stays readable.
 */
const NUMBERS = /\+?(?:\d(?:[ ().-]{0,2}\d){8,}|\d{7,})/g;
/** Digits at the end of a number that still tell whose it is, whatever prefix it was written with. */
const NATIONAL_DIGITS = 10;

/** A call for readers who may not see numbers: none is left in any member, nor in free text. */
export function maskCall(call: Call): Call {
  const own = ownNumbers([call.number, call.from]);
  return {
    ...call,
    callUUID: hideOwn(call.callUUID, own),
    ids: {
      attempt: call.ids.attempt.map((id) => hideOwn(id, own)),
      request: call.ids.request.map((id) => hideOwn(id, own)),
      call: call.ids.call.map((id) => hideOwn(id, own)),
      external: call.ids.external.map((id) => hideOwn(id, own)),
    },
    number: maybe(call.number, maskNumber),
    from: maybe(call.from, maskNumber),
    contactId: maybe(call.contactId, (id) => hideOwn(id, own)),
    leadReason: maybe(call.leadReason, maskText),
    hangupCause: maybe(call.hangupCause, maskText),
    hangupSource: maybe(call.hangupSource, maskText),
    digits: maybe(call.digits, maskText),
    recordingUrl: maybe(call.recordingUrl, (url) => hideOwn(url, own)),
    attributes: maskAttributes(call.attributes),
  };
}

/** A call of the feed, likewise. */
export function maskRecentCall(call: RecentCall): RecentCall {
  return {
    ...call,
    callUUID: hideOwn(call.callUUID, ownNumbers([call.number])),
    number: maybe(call.number, maskNumber),
    hangupCause: maybe(call.hangupCause, maskText),
  };
}

/** A call with its timeline, likewise; what came in raw is left out. */
export function maskDetail({ events, deliveries, ...call }: CallDetail): CallDetail {
  const own = ownNumbers([call.number, call.from, ...deliveries.flatMap(({ number, from }) => [number, from])]);
  return {
    ...maskCall(call),
    events: events.map((event) => maskEvent(event, own)),
    deliveries: deliveries.map(({ raw: _raw, ...delivery }) => ({
      ...delivery,
      number: maybe(delivery.number, (number) => maskNumber(plain(number))),
      from: maybe(delivery.from, (from) => maskNumber(plain(from))),
      contactId: maybe(delivery.contactId, (id) => hideOwn(id, own)),
    })),
  };
}

/** A contact, likewise. */
export function maskContact(contact: Contact): Contact {
  const own = ownNumbers([contact.number]);
  return {
    ...contact,
    contactId: maybe(contact.contactId, (id) => hideOwn(id, own)),
    number: maybe(contact.number, maskNumber),
    attributes: maskAttributes(contact.attributes),
  };
}

type PreviewExample = LeadPreview['examples'][number];

/** A call of a preview, likewise: what was pressed stands in the reasons. @param numbers those of the call */
export function maskExample(example: PreviewExample, numbers: readonly (string | null)[]): PreviewExample {
  const { callUUID, reasons } = example;
  return { ...example, callUUID: hideOwn(callUUID, ownNumbers(numbers)), reasons: reasons.map(maskText) };
}

function maskEvent(event: CallTimelineEvent, own: readonly string[]): CallTimelineEvent {
  switch (event.type) {
    case 'ended':
      return {
        ...event,
        hangupCause: maybe(event.hangupCause, maskText),
        hangupSource: maybe(event.hangupSource, maskText),
        digits: maybe(event.digits, maskText),
        recordingUrl: maybe(event.recordingUrl, (url) => hideOwn(url, own)),
      };
    case 'lead':
      return { ...event, reason: maybe(event.reason, maskText), summary: maybe(event.summary, maskText) };
    case 'recording':
      return { ...event, recordingUrl: hideOwn(event.recordingUrl, own) };
    default:
      return event;
  }
}

/** Free facts without the numbers in them, in their names neither. */
export function maskAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [maskText(name), maskValue(value)]));
}

function maskValue(value: Attributes[string]): Attributes[string] {
  if (typeof value === 'string') return maskText(value);
  // A number may have been sent as one.
  return typeof value === 'number' && maskText(String(value)) !== String(value) ? maskText(String(value)) : value;
}

/** Free text without the numbers in it. */
export function maskText(text: string): string {
  return text.replace(NUMBERS, (found) => maskNumber(plain(found)));
}

function plain(number: string): string {
  return number.replace(/[\s().-]/g, '');
}

/** The digits of numbers, longest first, as they may stand inside an id or a URL. */
function ownNumbers(numbers: readonly (string | null)[]): string[] {
  const digits = numbers.flatMap((number) => {
    const all = number?.replace(/\D/g, '') ?? '';
    return all.length < 7 ? [] : [all, all.slice(-NATIONAL_DIGITS)];
  });
  return [...new Set(digits)].sort((a, b) => b.length - a.length);
}

function hideOwn(text: string, own: readonly string[]): string {
  return own.reduce((shown, digits) => shown.replaceAll(digits, maskNumber(digits)), text);
}

function maybe<T>(value: T | null, mask: (value: T) => T): T | null {
  return value === null ? null : mask(value);
}
