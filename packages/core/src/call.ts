import type { AnsweredBy } from '@ringside/protocol';
import type { Alias, AliasKind, CallDelivery, CallEvent, Cost, EndFacts, LeadFacts } from './event.ts';
import type { LeadScore } from './lead-score.ts';
import { unreachable } from './must.ts';
import {
  compare,
  higher,
  isOfProvider,
  joinMaps,
  joinValues,
  type Register,
  type Stamp,
  stampOf,
  type ValueSet,
} from './register.ts';

/** A time that something happened at. A provisional one gives way to any exact one. */
export interface TimeRegister {
  readonly at: number;
  readonly provisional: boolean;
  readonly stamp: Stamp;
}

/** Earliest and latest event time of one delivery, by epoch milliseconds. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** Everything known about one placed call: the join of all that was said about it. */
export interface Call {
  readonly aliases: readonly Alias[];
  /** Deliveries that this record contains, by content hash. */
  readonly seen: Readonly<Record<string, Span>>;
  readonly to: ValueSet;
  readonly contactIds: ValueSet;
  readonly from: Register<string> | undefined;
  readonly attributes: Readonly<Record<string, Register<string | number | boolean | null>>>;
  readonly initiated: TimeRegister | undefined;
  readonly ringing: TimeRegister | undefined;
  readonly answered: TimeRegister | undefined;
  readonly answeredBy: Register<AnsweredBy> | undefined;
  readonly ended: (Register<EndFacts> & { readonly at: number }) | undefined;
  readonly retryDueAt: Register<number> | undefined;
  readonly billDuration: Register<number> | undefined;
  readonly cost: Register<Cost> | undefined;
  readonly digits: Register<string> | undefined;
  readonly recordingUrl: Register<string> | undefined;
  readonly lead: Register<LeadFacts> | undefined;
  /**
   * What the campaign's rules make of the call. It follows from the other members, so a join leaves it out and the
   * fold puts it back: see {@link scored}.
   */
  readonly score: LeadScore | undefined;
}

const aliasOrder: Readonly<Record<AliasKind, number>> = { attempt: 0, request: 1, call: 2, external: 3 };
const verdictOrder: Readonly<Record<AnsweredBy, number>> = { unknown: 0, human: 1, machine: 2 };

/** The call as one delivery alone describes it. */
export function callOf(delivery: CallDelivery): Call {
  const { source, hash, events } = delivery;
  const first = Math.min(...events.map((event) => event.at));
  const last = Math.max(...events.map((event) => event.at));
  const stamp = stampOf(source, statedAt(events), hash);
  const draft: Draft = {
    aliases: sortAliases(delivery.aliases),
    seen: { [hash]: { first, last } },
    to: delivery.to === null ? [] : [{ value: delivery.to, stamp }],
    contactIds: delivery.contactId === null ? [] : [{ value: delivery.contactId, stamp }],
    from: delivery.from === null ? undefined : { value: delivery.from, stamp },
    attributes: Object.fromEntries(
      Object.entries(delivery.attributes ?? {}).map(([key, value]) => [key, { value, stamp }]),
    ),
    ...nothingHappened,
  };
  for (const event of events) state(draft, event, stamp);
  return draft;
}

/**
 * The time that a delivery's stamp goes by: the latest that it states itself. A receipt is none of its content, else
 * two copies of one message would differ.
 */
function statedAt(events: readonly CallEvent[]): number {
  return Math.max(0, ...events.filter((event) => event.timing !== 'receipt').map((event) => event.at));
}

/**
 * Least upper bound of two records of one call: commutative, associative and idempotent, which is what makes
 * intake indifferent to order and duplication. Two rows that prove to be one call are joined the same way.
 */
export function joinCalls(a: Call, b: Call): Call {
  return {
    aliases: joinAliases(a.aliases, b.aliases),
    seen: joinSeen(a.seen, b.seen),
    to: joinValues(a.to, b.to),
    contactIds: joinValues(a.contactIds, b.contactIds),
    from: higher(a.from, b.from),
    attributes: joinMaps(a.attributes, b.attributes),
    initiated: joinTimes(a.initiated, b.initiated),
    ringing: joinTimes(a.ringing, b.ringing),
    answered: joinTimes(a.answered, b.answered),
    answeredBy: joinVerdicts(a.answeredBy, b.answeredBy),
    ended: joinEnds(a.ended, b.ended),
    retryDueAt: higher(a.retryDueAt, b.retryDueAt),
    billDuration: higher(a.billDuration, b.billDuration),
    cost: higher(a.cost, b.cost),
    digits: higher(a.digits, b.digits),
    recordingUrl: higher(a.recordingUrl, b.recordingUrl),
    lead: joinLeads(a.lead, b.lead),
    score: undefined,
  };
}

/** `merge(call, event)` of the design: the record after one more delivery. */
export function merge(call: Call | undefined, delivery: CallDelivery): Call {
  const said = callOf(delivery);
  return call === undefined ? said : joinCalls(call, said);
}

/** True when the record already contains this delivery, received no later than this copy of it. */
export function contains(call: Call, delivery: CallDelivery): boolean {
  const known = call.seen[delivery.hash];
  return known !== undefined && delivery.events.every((event) => event.at >= known.first);
}

/** The id that people see: the provider's CallUUID where one is known. */
export function callUuid(call: Call): string {
  const shown =
    call.aliases.find((alias) => alias.kind === 'call') ??
    call.aliases.find((alias) => alias.kind === 'external') ??
    call.aliases[0];
  return shown?.id ?? '';
}

/** True once the provider told of the call: then it was placed, whatever became of the request for it. */
export function isToldByProvider(call: Call): boolean {
  return call.aliases.some(({ kind }) => kind === 'call') || call.to.some(({ stamp }) => isOfProvider(stamp));
}

/** The id under which the provider knows the call: its CallUUID, else its RequestUUID, `null` while it told neither. */
export function providerIdOf(call: Call): string | null {
  const named = call.aliases.find(({ kind }) => kind === 'call') ?? call.aliases.find(({ kind }) => kind === 'request');
  return named?.id ?? null;
}

/** Earliest and latest time that anything said about this call. */
export function spanOf(call: Call): Span {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const span of Object.values(call.seen)) {
    first = Math.min(first, span.first);
    last = Math.max(last, span.last);
  }
  return { first, last };
}

type Draft = { -readonly [K in keyof Call]: Call[K] };

const nothingHappened = {
  initiated: undefined,
  ringing: undefined,
  answered: undefined,
  answeredBy: undefined,
  ended: undefined,
  retryDueAt: undefined,
  billDuration: undefined,
  cost: undefined,
  digits: undefined,
  recordingUrl: undefined,
  lead: undefined,
  score: undefined,
};

function state(draft: Draft, event: CallEvent, stamp: Stamp): void {
  switch (event.type) {
    case 'initiated':
    case 'ringing':
      draft[event.type] = { at: event.at, provisional: event.timing !== 'exact', stamp };
      return;
    case 'answered':
      draft.answered = { at: event.at, provisional: event.timing !== 'exact', stamp };
      if (event.answeredBy) draft.answeredBy = { value: event.answeredBy, stamp };
      return;
    case 'machine':
      draft.answeredBy = { value: 'machine', stamp };
      return;
    case 'ended':
      draft.ended = { at: event.at, value: event.end, stamp };
      if (event.retryDueAt !== null) draft.retryDueAt = { value: event.retryDueAt, stamp };
      if (event.billDuration !== null) draft.billDuration = { value: event.billDuration, stamp };
      if (event.cost) draft.cost = { value: event.cost, stamp };
      if (event.digits !== null) draft.digits = { value: event.digits, stamp };
      if (event.recordingUrl !== null) draft.recordingUrl = { value: event.recordingUrl, stamp };
      return;
    case 'lead':
      draft.lead = { value: event.lead, stamp };
      return;
    case 'recording':
      draft.recordingUrl = { value: event.recordingUrl, stamp };
      return;
    case 'retry':
      draft.retryDueAt = { value: event.dueAt, stamp };
      return;
    case 'note':
      return;
    default:
      unreachable(event);
  }
}

/** An exact time beats a provisional one; among provisional ones the first receipt stays. */
function joinTimes(a: TimeRegister | undefined, b: TimeRegister | undefined): TimeRegister | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  if (a.provisional !== b.provisional) return a.provisional ? b : a;
  if (!a.provisional) return higher(a, b);
  if (a.at !== b.at) return a.at < b.at ? a : b;
  return higher(a, b);
}

/** Two copies of one end without a time of its own differ in their receipts only: the first stays. */
function joinEnds(a: Call['ended'], b: Call['ended']): Call['ended'] {
  if (a === undefined || b === undefined || a.stamp !== b.stamp) return higher(a, b);
  return a.at <= b.at ? a : b;
}

/** A machine verdict beats a human one of the same source rank, whenever it came. */
function joinVerdicts(a: Register<AnsweredBy> | undefined, b: Register<AnsweredBy> | undefined) {
  if (a === undefined || b === undefined || rankOf(a) !== rankOf(b) || a.value === b.value) return higher(a, b);
  return verdictOrder[a.value] > verdictOrder[b.value] ? a : b;
}

/** A person's verdict beats a bot's of the same source rank: a late bot result must not undo somebody's judgement. */
function joinLeads(a: Register<LeadFacts> | undefined, b: Register<LeadFacts> | undefined) {
  if (a === undefined || b === undefined || rankOf(a) !== rankOf(b) || a.value.by === b.value.by) return higher(a, b);
  return a.value.by === 'person' ? a : b;
}

function rankOf(register: { readonly stamp: Stamp }): string | undefined {
  return register.stamp[0];
}

function joinSeen(a: Call['seen'], b: Call['seen']): Call['seen'] {
  const joined: Record<string, Span> = { ...a };
  for (const [hash, span] of Object.entries(b)) {
    const known = joined[hash];
    joined[hash] = known ? { first: Math.min(known.first, span.first), last: Math.min(known.last, span.last) } : span;
  }
  return joined;
}

function joinAliases(a: readonly Alias[], b: readonly Alias[]): readonly Alias[] {
  const fresh = b.filter((alias) => !a.some((known) => known.kind === alias.kind && known.id === alias.id));
  return fresh.length === 0 ? a : sortAliases([...a, ...fresh]);
}

function sortAliases(aliases: readonly Alias[]): readonly Alias[] {
  return [...aliases].sort((x, y) => aliasOrder[x.kind] - aliasOrder[y.kind] || compare(x.id, y.id));
}
