import type { EventInput } from '@ringside/protocol';
import type { Courier } from './courier.ts';
import { type CallEnd, type CallFacts, hangupForm, machineForm, ringForm, startAppForm } from './forms.ts';
import type { CallPlan } from './plan.ts';
import { type CallRecord, callRecord, type RunRecord } from './record.ts';
import { instant } from './ringside-api.ts';
import type { Moment } from './timeline.ts';

/** Where the moments of a campaign are played. */
export interface Stage {
  readonly record: RunRecord;
  readonly courier: Courier;
  readonly authId: string;
  /** IANA zone of the account's console. */
  readonly zone: string;
  /** Epoch milliseconds of a moment of the timeline. */
  readonly clock: (at: number) => number;
  /** When the run began, epoch milliseconds: calls that had ended by then are history. */
  readonly liveFrom: number;
  readonly calls: WeakMap<CallPlan, CallRecord>;
}

const billRate = '0.005';

/** Notes what a moment does to its call, and sends what Plivo or the voice bot would send then. */
export function play(stage: Stage, { kind, plan, dialedAt, at }: Moment): void {
  if (kind === 'dial') {
    placeCall(stage, plan, dialedAt);
    return;
  }
  const { courier, clock } = stage;
  const call = stage.calls.get(plan);
  if (call === undefined) throw new Error(`call ${plan.callUuid} was never placed`);
  const facts = factsOf(stage, call);
  // A ring, an answer and a machine verdict carry no time of their own: the server takes them to happen when they
  // arrive. Of a call that is history they would be lies, and the hangup alone tells all but the verdict.
  const isHistory = call.endedAt <= stage.liveFrom;
  switch (kind) {
    case 'ring':
      if (!isHistory) courier.callback(call, kind, ringForm(facts));
      return;
    case 'answer':
      if (!isHistory) courier.callback(call, kind, startAppForm(facts));
      return;
    case 'machine':
      if (isHistory) courier.event(call, kind, { type: 'machine', ...about(stage, call, clock(at)) });
      else courier.callback(call, kind, machineForm(facts, plan.machine?.action ?? 'continue'));
      return;
    case 'hangup':
      call.ended = true;
      courier.callback(call, kind, hangupForm(facts, endOf(stage, call)));
      return;
    case 'lead':
      courier.event(call, kind, { ...leadOf(plan), ...about(stage, call, clock(at)) });
      return;
  }
}

function placeCall({ clock, calls, record }: Stage, plan: CallPlan, dialedAt: number): void {
  const call = callRecord(plan, (afterMs) => clock(dialedAt + afterMs), billRate);
  calls.set(plan, call);
  record.calls.push(call);
}

function factsOf({ authId }: Stage, call: CallRecord): CallFacts {
  const { callUuid, caller: from, number: to, sessionStart } = call;
  return { authId, callUuid, requestUuid: callUuid, from, to, sessionStart, billRate };
}

function endOf({ zone }: Stage, { initiatedAt, answeredAt, endedAt, code }: CallRecord): CallEnd {
  return { startedAt: initiatedAt, answeredAt, endedAt, code, zone };
}

function about({ record }: Stage, { callUuid, number }: CallRecord, at: number) {
  return { campaignId: record.campaignId, callId: callUuid, at: instant(at), to: number };
}

function leadOf({
  callUuid,
  lead,
}: CallPlan): Pick<LeadEvent, 'type' | 'leadStatus' | 'leadScore' | 'reason' | 'summary' | 'source'> {
  if (lead === null) throw new Error(`call ${callUuid} was not judged`);
  const { status: leadStatus, score: leadScore, reason, summary } = lead;
  return { type: 'lead', leadStatus, leadScore, reason, summary, source: 'bot' };
}

type LeadEvent = Extract<EventInput, { type: 'lead' }>;
