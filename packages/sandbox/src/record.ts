import type { LeadVerdict, Outcome } from '@ringside/protocol';
import type { CallbackKind } from './callback.ts';
import { type Bill, billOf } from './forms.ts';
import { type HangupCode, type HangupSource, hangupCauses } from './hangup-causes.ts';
import { type CallPlan, outcomeOf } from './plan.ts';

/** What became of a message about a call. `none`: there was nothing to send. */
export type Fate = 'none' | 'pending' | 'delivered' | 'dropped' | 'undelivered';

/** What may be said about a call. `dial`, that it was placed, is said by events alone. */
export type MessageKind = CallbackKind | 'dial' | 'lead';

/** One call as it was played: the truth that a report can be compared with. Times are epoch milliseconds. */
export interface CallRecord extends Bill {
  readonly callUuid: string;
  readonly contact: number;
  readonly attempt: number;
  readonly number: string;
  readonly caller: string;
  readonly initiatedAt: number;
  readonly sessionStart: number;
  readonly answeredAt: number | null;
  readonly endedAt: number;
  /** Whether `endedAt` has come. */
  ended: boolean;
  readonly code: HangupCode;
  /** Who ended it. */
  readonly source: HangupSource;
  readonly outcome: Outcome;
  readonly answeredBy: CallPlan['answeredBy'];
  /** The voice bot's verdict. */
  readonly lead: LeadVerdict | null;
  readonly fates: Record<MessageKind, Fate>;
}

/** Requests of a run, by what they were. */
export interface Traffic {
  /** Everything that was delivered, once each. */
  delivered: number;
  /** Second deliveries of the same callback that the server took. */
  duplicates: number;
  /** Further tries after a failed one. */
  retries: number;
  dropped: number;
  /** Forgeries sent, and those among them that the server took: there should be none. */
  forgeries: number;
  forgeriesAccepted: number;
}

/** A message that never arrived, and why. */
export interface Undelivered {
  readonly callUuid: string;
  readonly kind: MessageKind;
  readonly reason: string;
}

/** Everything that a run did. */
export interface RunRecord {
  readonly campaignId: string;
  readonly seed: string;
  readonly contacts: number;
  readonly startedAt: number;
  /** `null`: the run was stopped before the campaign was over. */
  finishedAt: number | null;
  /** In the order in which they were placed. */
  readonly calls: CallRecord[];
  readonly traffic: Traffic;
  readonly undelivered: Undelivered[];
}

/** Totals over calls, by the definitions of Ringside's report. */
export interface Totals {
  /** Calls placed, and contacts they were placed to. */
  readonly attempts: number;
  readonly contactsTried: number;
  /** Contacts with a completed call. */
  readonly reached: number;
  readonly ended: number;
  /** Ended calls that were picked up, and those among them that a machine took. */
  readonly answered: number;
  readonly machines: number;
  /** Seconds of completed calls. */
  readonly talkSeconds: number;
  /** Of ended calls; five decimals. */
  readonly cost: string;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly codes: Readonly<Partial<Record<HangupCode, number>>>;
  readonly leads: Readonly<Record<LeadVerdict, number>>;
}

/**
 * Starts the record of a call.
 *
 * @param at epoch milliseconds of a moment that many milliseconds after the call was placed
 */
export function callRecord(plan: CallPlan, at: (afterMs: number) => number, billRate: string): CallRecord {
  const answeredAt = plan.answerMs === null ? null : at(plan.answerMs);
  const endedAt = at(plan.endMs);
  return {
    callUuid: plan.callUuid,
    contact: plan.contact,
    attempt: plan.attempt,
    number: plan.number,
    caller: plan.caller,
    initiatedAt: at(0),
    sessionStart: at(plan.sessionMs),
    answeredAt,
    endedAt,
    ended: false,
    ...billOf({ answeredAt, endedAt }, billRate),
    code: plan.code,
    source: hangupCauses[plan.code].source,
    outcome: outcomeOf(plan),
    answeredBy: plan.answeredBy,
    lead: plan.lead?.status ?? null,
    fates: { dial: 'none', ring: 'none', answer: 'none', machine: 'none', hangup: 'none', lead: 'none' },
  };
}

/** Adds calls up. Over a whole record that is the truth; over {@link asDelivered} it is what a report should show. */
export function summarise(calls: readonly CallRecord[]): Totals {
  const ended = calls.filter((call) => call.ended);
  const completed = ended.filter((call) => call.outcome === 'completed');
  const answered = ended.filter((call) => call.answeredAt !== null);
  const judged = calls.flatMap((call) => (call.lead ? [call.lead] : []));
  return {
    attempts: calls.length,
    contactsTried: new Set(calls.map((call) => call.contact)).size,
    reached: new Set(completed.map((call) => call.contact)).size,
    ended: ended.length,
    answered: answered.length,
    machines: answered.filter((call) => call.answeredBy === 'machine').length,
    talkSeconds: completed.reduce((sum, call) => sum + call.duration, 0),
    cost: ended.reduce((sum, call) => sum + Number(call.totalCost), 0).toFixed(5),
    outcomes: tally(ended.map((call) => call.outcome)),
    codes: tally(ended.map((call) => call.code)),
    leads: { hot: 0, warm: 0, cold: 0, ...tally(judged) },
  };
}

/** The calls as far as the server could learn of them: without what was dropped or could not be delivered. */
export function asDelivered(calls: readonly CallRecord[]): CallRecord[] {
  return calls.filter((call) => Object.values(call.fates).includes('delivered')).map(seenByServer);
}

/** The calls as the server knows them once it has read, from call-detail records, each end that nobody told it of. */
export function asReconciled(calls: readonly CallRecord[]): CallRecord[] {
  return calls.filter(isKnownToServer).map((call) => ({ ...seenByServer(call), ended: call.ended }));
}

/** A voice bot's verdict alone does not show that a call was placed. */
function isKnownToServer({ fates }: CallRecord): boolean {
  return [fates.dial, fates.ring, fates.answer, fates.machine, fates.hangup].includes('delivered');
}

function seenByServer(call: CallRecord): CallRecord {
  const { fates } = call;
  // Code 9100 says by itself that a machine answered; else only the verdict does.
  const unjudged = call.answeredBy === 'machine' && call.code !== 9100 && fates.machine !== 'delivered';
  return {
    ...call,
    ended: fates.hangup === 'delivered',
    lead: fates.lead === 'delivered' ? call.lead : null,
    ...(unjudged ? { outcome: 'completed', answeredBy: 'human' } : {}),
  };
}

function tally<K extends string | number>(keys: readonly K[]): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}
