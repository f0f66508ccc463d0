import type { Call } from './call.ts';
import type { CallDelivery, CallEvent } from './event.ts';
import type { CallRow, Found, Wanted } from './fold-work.ts';
import { normaliseNumber } from './phone.ts';

/** Knows which numbers were erased, and what stands in their place; nobody can tell a number from its token. */
export interface Eraser {
  /** @param number in its one spelling @returns `null` for a number that was not erased */
  tokenOf(number: string): string | null;
  /** What stands for the digits of an erased number inside an id, another for each way to write them, or `null`. */
  tokenOfDigits(digits: string): string | null;
  /** Another hash for a delivery: from its own one the number could be found again by trying them all. */
  rehash(hash: string): string;
}

/** What an erased delivery is read with. */
export interface EraseContext {
  readonly country: string | null;
  /** Its call is known to be that of an erased number, whether it names the number itself or not. */
  readonly ofErased: boolean;
}

/** Hashes of rewritten deliveries begin with this, which no other hash contains. */
const REHASHED = '~';
const TOKEN = /erased-[a-p]{24}/;
const E164 = /^\+\d+$/;
const DIGITS = /\d{7,}/g;
/** Digits with single separators, as people write numbers. */
const SPACED = /\d(?:[ ().-]\d|\d){6,}/g;
/** A choice from a menu tells nothing of who made it, and scores count by it. */
const MENU_CHOICE = /^[0-9*#]{1,2}$/;

/**
 * The delivery without an erased number: a token stands in its place, also inside ids, and what else could tell whose
 * call it was is gone. All that reports count is still there, so that an original that comes late folds into the same
 * call and contact. The very delivery where nothing had to be done.
 */
export function eraseNumber(delivery: CallDelivery, eraser: Eraser, { country, ofErased }: EraseContext): CallDelivery {
  const scrub = (text: string): string => withoutErased(text, eraser);
  const to = delivery.to === null ? null : erasedTo(delivery.to, eraser, country);
  const contactId = delivery.contactId === null ? null : scrub(delivery.contactId);
  const aliases = delivery.aliases.map((alias) => ({ ...alias, id: scrub(alias.id) }));
  const isNamed =
    to !== delivery.to ||
    contactId !== delivery.contactId ||
    aliases.some(({ id }, index) => id !== delivery.aliases[index]?.id);
  const isRehashed = delivery.hash.startsWith(REHASHED);
  if (!isNamed && (isRehashed || !ofErased)) return delivery;
  return {
    ...delivery,
    hash: isRehashed ? delivery.hash : REHASHED + eraser.rehash(delivery.hash),
    to,
    from: delivery.from && (eraser.tokenOf(normaliseNumber(delivery.from, country)) ?? delivery.from),
    contactId,
    aliases,
    attributes: null,
    events: delivery.events.map((event) => erasedEvent(event, scrub)),
  };
}

/** True for a call of which nothing tells any more whom it reached. */
export function isErased(call: Call): boolean {
  const ids = [...call.aliases.map(({ id }) => id), ...call.contactIds.map(({ value }) => value)];
  return call.to.some(({ value }) => TOKEN.test(value)) || ids.some((id) => TOKEN.test(id));
}

/** True for a call that still says something that must be rewritten. */
export function isToErase(call: Call, eraser: Eraser, country: string | null): boolean {
  if (call.to.some(({ value }) => erasedTo(value, eraser, country) !== value)) return true;
  const ids = [...call.aliases.map(({ id }) => id), ...call.contactIds.map(({ value }) => value)];
  if (ids.some((id) => withoutErased(id, eraser) !== id)) return true;
  // What was said before it was known whose call it is.
  return isErased(call) && Object.keys(call.seen).some((hash) => !hash.startsWith(REHASHED));
}

/** True for text that names an erased number, in any usual spelling. */
export function namesErased(text: string, eraser: Eraser): boolean {
  return eraser.tokenOf(normaliseNumber(text, null)) !== null || withoutErased(text, eraser) !== text;
}

/**
 * The calls to be folded again where some are rewritten: these, and those that share a contact whose id names an
 * erased number, for the contact gets another key.
 */
export function* withCompanions(
  rows: readonly CallRow[],
  eraser: Eraser,
): Generator<Wanted, readonly CallRow[], Found> {
  // A call may belong to a contact by what another one says of its number: so by every id that a call states.
  const keys = rows.flatMap(({ contact, call }) => [
    contact ?? '',
    ...call.contactIds.map(({ value }) => `id:${value}`),
  ]);
  const renamed = keys.filter((key) => withoutErased(key, eraser) !== key);
  if (renamed.length === 0) return rows;
  const nothing = { aliases: [], rows: [], numbers: [], contacts: [] };
  const { contacts } = yield { ...nothing, contacts: [...new Set(renamed)] };
  const known = new Set(rows.map(({ row }) => row));
  const others = contacts.flatMap(({ attempts }) => attempts.map(({ call }) => call)).filter((row) => !known.has(row));
  if (others.length === 0) return rows;
  const found = yield { ...nothing, rows: others };
  return [...rows, ...found.calls];
}

/** True when a pair of number and contact id is stated by rewritten calls only, so that it goes with them. */
export function isErasedPair(number: string, contactId: string, eraser: Eraser): boolean {
  return erasedTo(number, eraser, null) !== number || withoutErased(contactId, eraser) !== contactId;
}

function erasedTo(to: string, eraser: Eraser, country: string | null): string {
  const number = normaliseNumber(to, country);
  const token = eraser.tokenOf(number);
  if (token !== null) return token;
  // Digits in a SIP address, or in what cannot be read, are looked at one by one; another number is just that.
  return E164.test(number) ? to : withoutErased(to, eraser);
}

/** Text with tokens for the digits of erased numbers. */
export function withoutErased(text: string, eraser: Eraser): string {
  const whole = text.replace(DIGITS, (digits) => eraser.tokenOfDigits(digits) ?? digits);
  return whole.replace(SPACED, (spaced) => eraser.tokenOfDigits(spaced.replace(/\D/g, '')) ?? spaced);
}

function erasedEvent(event: CallEvent, scrub: (text: string) => string): CallEvent {
  switch (event.type) {
    case 'ended': {
      const { end, digits } = event;
      return {
        ...event,
        end: { ...end, cause: end.cause && scrub(end.cause), source: end.source && scrub(end.source) },
        digits: digits === null || MENU_CHOICE.test(digits) ? digits : 'erased',
        recordingUrl: null,
      };
    }
    case 'lead':
      return { ...event, lead: { ...event.lead, reason: null, summary: null } };
    case 'recording':
      return { type: 'note', at: event.at, timing: event.timing };
    default:
      return event;
  }
}
