import type { Call, TimeRegister } from './call.ts';
import type { AliasKind } from './event.ts';
import type { Register, Stamp, ValueSet } from './register.ts';

/*
 * A call as a store keeps it: JSON, but an array, in which a member's place is its meaning and each stamp is written
 * once, since most members were stated by the same one or two deliveries. It is half as long as the object itself.
 * A new member goes to the end. Statements of a store that look into it go by place: `calls-sample.sql`.
 */

type Absent = 0;
type Packed<T> = readonly [stamp: number, value: T] | Absent;
type PackedTime = readonly [stamp: number, at: number, provisional: 0 | 1] | Absent;
type Value<K extends keyof Call> = NonNullable<Call[K]> extends Register<infer T> ? T : never;

type PackedCall = readonly [
  stamps: readonly Stamp[],
  aliases: readonly string[],
  seen: readonly (string | number)[],
  to: readonly (string | number)[],
  contactIds: readonly (string | number)[],
  from: Packed<string>,
  attributes: readonly (readonly [key: string, stamp: number, value: string | number | boolean | null])[],
  initiated: PackedTime,
  ringing: PackedTime,
  answered: PackedTime,
  answeredBy: Packed<Value<'answeredBy'>>,
  ended: Packed<Value<'ended'>>,
  endedAt: number,
  retryDueAt: Packed<number>,
  billDuration: Packed<number>,
  cost: Packed<Value<'cost'>>,
  digits: Packed<string>,
  recordingUrl: Packed<string>,
  lead: Packed<Value<'lead'>>,
  score: NonNullable<Call['score']> | Absent,
];

/** The text in which a store keeps a call. */
export function callToText(call: Call): string {
  const stamps: Stamp[] = [];
  const stampOf = (stamp: Stamp): number => {
    const known = stamps.indexOf(stamp);
    return known < 0 ? stamps.push(stamp) - 1 : known;
  };
  const one = <T>(register: Register<T> | undefined): Packed<T> =>
    register === undefined ? 0 : [stampOf(register.stamp), register.value];
  const time = (register: TimeRegister | undefined): PackedTime =>
    register === undefined ? 0 : [stampOf(register.stamp), register.at, register.provisional ? 1 : 0];
  const values = (set: ValueSet): (string | number)[] => set.flatMap(({ value, stamp }) => [stampOf(stamp), value]);
  const packed: PackedCall = [
    stamps,
    call.aliases.flatMap(({ kind, id }) => [kind, id]),
    Object.entries(call.seen).flatMap(([hash, { first, last }]) => [hash, first, last]),
    values(call.to),
    values(call.contactIds),
    one(call.from),
    Object.entries(call.attributes).map(([key, { value, stamp }]) => [key, stampOf(stamp), value] as const),
    time(call.initiated),
    time(call.ringing),
    time(call.answered),
    one(call.answeredBy),
    one(call.ended),
    call.ended?.at ?? 0,
    one(call.retryDueAt),
    one(call.billDuration),
    one(call.cost),
    one(call.digits),
    one(call.recordingUrl),
    one(call.lead),
    call.score ?? 0,
  ];
  return JSON.stringify(packed);
}

/** A call from its text. @throws SyntaxError or TypeError for a text that {@link callToText} did not make */
export function callFromText(text: string): Call {
  const [stamps, aliases, seen, to, contactIds, from, attributes, ...facts] = JSON.parse(text) as PackedCall;
  const [initiated, ringing, answered, answeredBy, ended, endedAt, retryDueAt, ...rest] = facts;
  const [billDuration, cost, digits, recordingUrl, lead, score] = rest;
  const stampAt = (index: number): Stamp => stamps[index] ?? '';
  const one = <T>(packed: Packed<T>): Register<T> | undefined =>
    packed === 0 ? undefined : { value: packed[1], stamp: stampAt(packed[0]) };
  const time = (packed: PackedTime): TimeRegister | undefined =>
    packed === 0 ? undefined : { at: packed[1], provisional: packed[2] === 1, stamp: stampAt(packed[0]) };
  const values = (set: readonly (string | number)[]): ValueSet =>
    inGroups(set, 2).map(([stamp, value]) => ({ value: value as string, stamp: stampAt(stamp as number) }));
  const end = one(ended);
  return {
    aliases: inGroups(aliases, 2).map(([kind, id]) => ({ kind: kind as AliasKind, id: id as string })),
    seen: Object.fromEntries(
      inGroups(seen, 3).map(([hash, first, last]) => [hash, { first: first as number, last: last as number }]),
    ),
    to: values(to),
    contactIds: values(contactIds),
    from: one(from),
    attributes: Object.fromEntries(
      attributes.map(([key, stamp, value]) => [key, { value, stamp: stampAt(stamp) }] as const),
    ),
    initiated: time(initiated),
    ringing: time(ringing),
    answered: time(answered),
    answeredBy: one(answeredBy),
    ended: end && { ...end, at: endedAt },
    retryDueAt: one(retryDueAt),
    billDuration: one(billDuration),
    cost: one(cost),
    digits: one(digits),
    recordingUrl: one(recordingUrl),
    lead: one(lead),
    score: score === 0 ? undefined : score,
  };
}

function inGroups<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: list.length / size }, (_, group) => list.slice(group * size, (group + 1) * size));
}
