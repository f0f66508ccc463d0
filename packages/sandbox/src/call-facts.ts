import type { EventInput } from '@ringside/protocol';
import type { CallEnd, CallFacts } from './forms.ts';
import type { Judgement } from './leads.ts';
import type { CallRecord } from './record.ts';
import { instant } from './ringside-api.ts';

/** Price of a started minute. */
export const billRate = '0.005';

/** What callbacks say of a call. */
export function factsOf(call: CallRecord, authId: string, requestUuid = call.callUuid): CallFacts {
  const { callUuid, caller: from, number: to, sessionStart } = call;
  return { authId, callUuid, requestUuid, from, to, sessionStart, billRate };
}

/** What a hangup says besides. @param zone IANA zone of the account's console */
export function endOf({ initiatedAt, answeredAt, endedAt, code, source }: CallRecord, zone: string): CallEnd {
  return { startedAt: initiatedAt, answeredAt, endedAt, code, source, zone };
}

/** What an event names its call by. @param at epoch milliseconds */
export function about({ callUuid, number }: CallRecord, campaignId: string, at: number) {
  return { campaignId, callId: callUuid, at: instant(at), to: number };
}

/** The event in which the voice bot tells its verdict. */
export function leadEvent(lead: Judgement | null, subject: ReturnType<typeof about>): EventInput {
  if (lead === null) throw new Error(`call ${subject.callId} was not judged`);
  const { status: leadStatus, score: leadScore, reason, summary } = lead;
  return { type: 'lead', leadStatus, leadScore, reason, summary, source: 'bot', ...subject };
}
