import {
  type AliasKind,
  type Attempt,
  callUuid,
  decimal,
  factsOf,
  hangupName,
  iso,
  normaliseNumber,
  numberOf,
  type Call as Record,
  shownNumber,
} from '@ringside/core';
import type { Call, CallIds } from '@ringside/protocol';

/** What of its campaign a call is shown with. */
export interface CallContext {
  /** Country of numbers written without one. */
  readonly country: string | null;
  /** Currency of amounts that name none. */
  readonly currency: string | null;
}

/** A call as a store keeps it, with the attempts of its contact, oldest first. */
export interface KeptCall {
  readonly row: string;
  readonly contact: string | null;
  readonly call: Record;
  readonly attempts: readonly Attempt[];
}

/** A call as the API shows it. */
export function callView({ row, contact, call, attempts }: KeptCall, { country, currency }: CallContext): Call {
  const facts = factsOf(call);
  const end = call.ended?.value;
  const attempt = attempts.findIndex((known) => known.call === row) + 1;
  return {
    callUUID: callUuid(call),
    ids: idsOf(call),
    number: shownOf(numberOf(call, country)),
    from: call.from ? shownNumber(normaliseNumber(call.from.value, country)) : null,
    contactId: contactIdOf(contact),
    attempt: attempt === 0 ? null : attempt,
    state: facts.endedAt === null ? 'live' : 'ended',
    startTime: timeOf(facts.startedAt),
    ringTime: timeOf(call.ringing?.at),
    answerTime: timeOf(call.answered?.at),
    endTime: timeOf(facts.endedAt),
    outcome: facts.outcome,
    answeredBy: facts.machine ? 'machine' : facts.human ? 'human' : null,
    duration: facts.talkSeconds,
    billDuration: call.billDuration?.value ?? null,
    ringSeconds: facts.ringMs === null ? null : Math.round(facts.ringMs / 1000),
    leadStatus: facts.lead,
    ...leadOf(call),
    hangupCause: end?.cause ?? (end?.code == null ? null : hangupName(end.code)),
    hangupCode: end?.code ?? null,
    hangupSource: end?.source ?? null,
    cost: call.cost ? decimal(call.cost.value.micros) : null,
    currency: call.cost ? (call.cost.value.currency ?? currency) : null,
    digits: call.digits?.value ?? null,
    recordingUrl: call.recordingUrl?.value ?? null,
    attributes: attributesOf(call),
  };
}

/** How a verdict came about; without one, what the rules made of the call. */
function leadOf({ lead, score }: Record): Pick<Call, 'leadScore' | 'leadReason'> {
  if (lead) return { leadScore: lead.value.score, leadReason: lead.value.reason };
  return { leadScore: score?.score ?? null, leadReason: score?.reasons.join('; ') ?? null };
}

/** Free facts of a call, without their stamps. */
export function attributesOf(call: Record): Call['attributes'] {
  return Object.fromEntries(Object.entries(call.attributes).map(([name, { value }]) => [name, value]));
}

/** The contact id in a contact's key, or `null` where the contact is known by its number or call alone. */
export function contactIdOf(key: string | null): string | null {
  return key?.startsWith('id:') ? key.slice('id:'.length) : null;
}

/** A number of the API, or `null`. */
export function shownOf(number: string | null): string | null {
  return number === null ? null : shownNumber(number);
}

/** An instant of the API, or `null`. */
export function timeOf(at: number | null | undefined): string | null {
  return at == null ? null : iso(at);
}

function idsOf(call: Record): CallIds {
  const of = (kind: AliasKind): string[] => call.aliases.filter((alias) => alias.kind === kind).map(({ id }) => id);
  return { attempt: of('attempt'), request: of('request'), call: of('call'), external: of('external') };
}
