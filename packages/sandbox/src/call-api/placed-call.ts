import { billRate } from '../call-facts.ts';
import { billOf } from '../forms.ts';
import type { HangupCode, HangupSource } from '../hangup-causes.ts';
import { type CallPlan, outcomeOf } from '../plan.ts';
import { type CallRecord, callRecord } from '../record.ts';
import type { CallRequest } from './call-request.ts';

/**
 * A call that was really placed. `contact` numbers the called numbers in the order in which they were first called, and
 * `attempt` the calls of one of them. Until `ended`, everything about its end is what will be if nobody interferes.
 */
export interface PlacedCall extends CallRecord {
  readonly authId: string;
  readonly requestUuid: string;
  /** `campId` and `attemptId` of its callback URLs. */
  readonly campaignId: string | null;
  readonly attemptId: string | null;
  /** When the request for it came, epoch milliseconds; it may then have waited in the queue. */
  readonly requestedAt: number;
  /** When machine detection, and the voice bot, speak; `null`: never. */
  readonly machineAt: number | null;
  readonly leadAt: number | null;
  answeredAt: CallRecord['answeredAt'];
  endedAt: number;
  duration: number;
  billDuration: number;
  totalCost: string;
  code: HangupCode;
  source: HangupSource;
  outcome: CallRecord['outcome'];
  answeredBy: CallRecord['answeredBy'];
  lead: CallRecord['lead'];
}

/** A request that was accepted, and waits or is placed. */
export interface AcceptedCall {
  readonly callUuid: string;
  readonly requestUuid: string;
  readonly authId: string;
  readonly requestedAt: number;
  readonly request: CallRequest;
  /** The account cannot pay: the call ends at once. */
  readonly unpaid: boolean;
}

/** @param clock epoch milliseconds of a moment that many milliseconds after the placing */
export function placedCall(accepted: AcceptedCall, plan: CallPlan, clock: (afterMs: number) => number): PlacedCall {
  const { authId, requestUuid, requestedAt, request } = accepted;
  const { campaignId, attemptId } = request;
  return {
    ...callRecord(plan, clock, billRate),
    ...{ authId, requestUuid, campaignId, attemptId, requestedAt },
    machineAt: plan.machine && clock(plan.machine.atMs),
    leadAt: plan.lead && clock(plan.lead.atMs),
  };
}

/** How a call ends before its time. */
export interface Cut {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly code: HangupCode;
  readonly source: HangupSource;
}

/** Ends a call before its time: what had not happened by then never will. */
export function cutShort(call: PlacedCall, { at, code, source }: Cut): void {
  const had = (time: number | null) => time !== null && time <= at;
  if (!had(call.answeredAt)) call.answeredAt = null;
  call.answeredBy = call.answeredAt === null ? null : had(call.machineAt) ? 'machine' : 'human';
  if (!had(call.leadAt)) call.lead = null;
  Object.assign(call, { endedAt: at, code, source, ...billOf({ answeredAt: call.answeredAt, endedAt: at }, billRate) });
  call.outcome = outcomeOf(call);
}
