import type { Call } from './call.ts';
import { callUuid } from './call.ts';
import { normaliseNumber } from './phone.ts';

/** The number that a call dialed, in its one spelling, or `null` while nobody said. */
export function numberOf(call: Call, country: string | null): string | null {
  const dialed = call.to[0]?.value;
  return dialed === undefined ? null : normaliseNumber(dialed, country);
}

/**
 * Whose call it is, whatever the order in which we learn things: the contact id if any event of the call has one;
 * else the smallest contact id known for its number; else the number; else the call itself.
 * @param idsOfNumber contact ids known for the call's number, any order
 */
export function contactKeyOf(call: Call, number: string | null, idsOfNumber: readonly string[]): string {
  const own = call.contactIds[0]?.value;
  if (own !== undefined) return `id:${own}`;
  if (number === null) return `call:${callUuid(call)}`;
  const smallest = idsOfNumber.reduce<string | undefined>(
    (least, id) => (least === undefined || id < least ? id : least),
    undefined,
  );
  return smallest === undefined ? `number:${number}` : `id:${smallest}`;
}

/** Every (number, contact id) pair that a call states; pairs are only ever added, so order cannot matter. */
export function statedPairs(call: Call, country: string | null): readonly (readonly [string, string])[] {
  return call.to.flatMap((to) => call.contactIds.map((id) => [normaliseNumber(to.value, country), id.value] as const));
}
