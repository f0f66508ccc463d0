import type { EndStatus, EventInput } from '@ringside/protocol';
import { about } from './call-facts.ts';
import type { CallbackKind } from './callback.ts';
import { hangupCauses } from './hangup-causes.ts';
import type { CallRecord } from './record.ts';

/** What happens to a call, as events tell it. */
export type CallMoment = CallbackKind | 'dial';

/**
 * The event that says what a callback of that kind would say.
 *
 * @param at epoch milliseconds
 */
export function callEvent(moment: CallMoment, call: CallRecord, campaignId: string, at: number): EventInput {
  const subject = { ...about(call, campaignId, at), from: call.caller };
  switch (moment) {
    case 'dial':
      return { type: 'initiated', ...subject };
    case 'ring':
      return { type: 'ringing', ...subject };
    case 'answer':
      return { type: 'answered', ...subject };
    case 'machine':
      return { type: 'machine', ...subject };
    case 'hangup':
      return { type: 'ended', ...subject, ...endOf(call) };
  }
}

function endOf({ code, source, duration, billDuration, totalCost }: CallRecord) {
  const { name, status } = hangupCauses[code];
  const bill = { duration, billDuration, cost: totalCost, currency: 'USD' };
  return { status: statuses[status], hangupCode: code, hangupCause: name, hangupSource: source, ...bill };
}

/** `CallStatus` of a callback, in the words of events. */
const statuses = {
  completed: 'completed',
  busy: 'busy',
  'no-answer': 'no-answer',
  timeout: 'no-answer',
  failed: 'failed',
  cancel: 'canceled',
} as const satisfies Record<string, EndStatus>;
