import { type CallMoment, callEvent } from './call-events.ts';
import { about, billRate, endOf, factsOf, leadEvent } from './call-facts.ts';
import type { CallbackKind } from './callback.ts';
import type { Courier, Route } from './courier.ts';
import { billOf, type Form, hangupForm, machineForm, ringForm, startAppForm } from './forms.ts';
import { type CallPlan, outcomeOf } from './plan.ts';
import { type CallRecord, callRecord, type RunRecord } from './record.ts';
import type { Moment } from './timeline.ts';

/** How the server is told of calls: by Plivo's callbacks, or by events alone. Verdicts are events either way. */
export type Via = 'callbacks' | 'events';

/** Where the moments of a campaign are played. */
export interface Stage {
  readonly record: RunRecord;
  readonly courier: Courier;
  readonly via: Via;
  readonly routeOf: (kind: CallbackKind) => Route;
  readonly authId: string;
  /** IANA zone of the account's console. */
  readonly zone: string;
  /** Epoch milliseconds of a moment of the timeline. */
  readonly clock: (at: number) => number;
  /** When the run began, epoch milliseconds: calls that had ended by then are history. */
  readonly liveFrom: number;
  readonly calls: WeakMap<CallPlan, CallRecord>;
}

/** Notes what a moment does to its call, and sends what Plivo, the dialer or the voice bot would send then. */
export function play(stage: Stage, { kind, plan, dialedAt, at: moment }: Moment): void {
  const { calls, clock, courier, record } = stage;
  if (kind === 'dial') placeCall(stage, plan, dialedAt);
  const call = calls.get(plan);
  if (call === undefined) throw new Error(`call ${plan.callUuid} was never placed`);
  const at = clock(moment);
  if (kind === 'lead') courier.event(call, kind, leadEvent(plan.lead, about(call, record.campaignId, at)));
  else {
    if (kind === 'hangup') call.ended = true;
    tell(stage, { call, kind, at, action: plan.machine?.action ?? 'continue' });
  }
}

/** Ends every live call now, as a dialer does that is stopped. @param now epoch milliseconds */
export function hangUpLive(stage: Stage, now: number): void {
  const { calls } = stage.record;
  for (const [index, call] of calls.entries()) {
    if (call.ended) continue;
    const ended = hungUp(call, now);
    calls[index] = ended;
    tell(stage, { call: ended, kind: 'hangup', at: now, action: 'continue' });
  }
}

interface Told {
  readonly call: CallRecord;
  readonly kind: CallMoment;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Of machine detection. */
  readonly action: 'hangup' | 'continue';
}

function tell({ via, courier, record, routeOf, ...stage }: Stage, { call, kind, at, action }: Told): void {
  if (via === 'events') {
    courier.event(call, kind, callEvent(kind, call, record.campaignId, at));
    return;
  }
  if (kind === 'dial') return;
  // A ring, an answer and a machine verdict carry no time of their own: the server takes them to happen when they
  // arrive. Of a call that is history they would be lies, and the hangup alone tells all but the verdict.
  if (call.endedAt <= stage.liveFrom && kind !== 'hangup') {
    if (kind === 'machine') courier.event(call, kind, callEvent(kind, call, record.campaignId, at));
    return;
  }
  const facts = factsOf(call, stage.authId);
  const forms: Readonly<Record<CallbackKind, () => Form>> = {
    ring: () => ringForm(facts),
    answer: () => startAppForm(facts),
    machine: () => machineForm(facts, action),
    hangup: () => hangupForm(facts, endOf(call, stage.zone)),
  };
  void courier.callback({ call, kind, form: forms[kind](), route: routeOf(kind) });
}

function placeCall({ clock, calls, record }: Stage, plan: CallPlan, dialedAt: number): void {
  const call = callRecord(plan, (afterMs) => clock(dialedAt + afterMs), billRate);
  calls.set(plan, call);
  record.calls.push(call);
}

/** A call that its dialer hung up before its time: unanswered it is cancelled. */
function hungUp(call: CallRecord, endedAt: number): CallRecord {
  const isAnswered = call.answeredAt !== null && call.answeredAt <= endedAt;
  const answeredAt = isAnswered ? call.answeredAt : null;
  const answeredBy = isAnswered ? call.answeredBy : null;
  const code = isAnswered ? 4000 : 1000;
  return {
    ...call,
    ...{ answeredAt, endedAt, ended: true, code, source: 'API Request', answeredBy },
    outcome: outcomeOf({ code, answeredBy }),
    lead: call.fates.lead === 'none' ? null : call.lead,
    ...billOf({ answeredAt, endedAt }, billRate),
  };
}
