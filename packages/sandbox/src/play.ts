import { about, billRate, endOf, factsOf, leadEvent } from './call-facts.ts';
import type { CallbackKind } from './callback.ts';
import type { Courier, Route } from './courier.ts';
import { type Form, hangupForm, machineForm, ringForm, startAppForm } from './forms.ts';
import type { CallPlan } from './plan.ts';
import { type CallRecord, callRecord, type RunRecord } from './record.ts';
import type { Moment } from './timeline.ts';

/** Where the moments of a campaign are played. */
export interface Stage {
  readonly record: RunRecord;
  readonly courier: Courier;
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

/** Notes what a moment does to its call, and sends what Plivo or the voice bot would send then. */
export function play(stage: Stage, { kind, plan, dialedAt, at }: Moment): void {
  if (kind === 'dial') {
    placeCall(stage, plan, dialedAt);
    return;
  }
  const call = stage.calls.get(plan);
  if (call === undefined) throw new Error(`call ${plan.callUuid} was never placed`);
  const facts = factsOf(call, stage.authId);
  const subject = about(call, stage.record.campaignId, stage.clock(at));
  const send = (kind: CallbackKind, form: Form) =>
    void stage.courier.callback({ call, kind, form, route: stage.routeOf(kind) });
  // A ring, an answer and a machine verdict carry no time of their own: the server takes them to happen when they
  // arrive. Of a call that is history they would be lies, and the hangup alone tells all but the verdict.
  const isHistory = call.endedAt <= stage.liveFrom;
  switch (kind) {
    case 'ring':
      if (!isHistory) send(kind, ringForm(facts));
      return;
    case 'answer':
      if (!isHistory) send(kind, startAppForm(facts));
      return;
    case 'machine':
      if (isHistory) stage.courier.event(call, kind, { type: 'machine', ...subject });
      else send(kind, machineForm(facts, plan.machine?.action ?? 'continue'));
      return;
    case 'hangup':
      call.ended = true;
      send(kind, hangupForm(facts, endOf(call, stage.zone)));
      return;
    case 'lead':
      stage.courier.event(call, kind, leadEvent(plan.lead, subject));
      return;
  }
}

function placeCall({ clock, calls, record }: Stage, plan: CallPlan, dialedAt: number): void {
  const call = callRecord(plan, (afterMs) => clock(dialedAt + afterMs), billRate);
  calls.set(plan, call);
  record.calls.push(call);
}
