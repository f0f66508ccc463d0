import { offsetTime, sessionTime } from './console-time.ts';
import { hangupCauses } from './hangup-causes.ts';
import type { CallRecord } from './record.ts';

/** A body of Plivo's REST API. */
export type ApiBody = Readonly<Record<string, string | number | null>>;

export interface DetailContext {
  readonly authId: string;
  /** IANA zone of the account's console; times are written in it, with its offset. */
  readonly zone: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Names the request. */
  readonly apiId: string;
  /** A record can be had only so many seconds after the end of its call. */
  readonly lateSeconds: number;
}

/** What is said of one call that is placed, with `?status=` or without; `null`: there is no such call. */
export function callBody(call: DetailedCall, status: string | null, context: DetailContext): ApiBody | null {
  if (status === 'live') return call.ended ? null : liveCallBody(call, context);
  return status === null && isWritten(call, context) ? callDetailRecord(call, context) : null;
}

/** Whether there is a record of the call: of a live one at once, of one that is over after a while. */
export function isWritten({ ended, endedAt }: CallRecord, { now, lateSeconds }: DetailContext): boolean {
  return !ended || endedAt + lateSeconds * 1_000 <= now;
}

/** A call, and its RequestUUID if that is not its CallUUID. */
export type DetailedCall = CallRecord & { readonly requestUuid?: string };

const ratePerMinute = '0.00500';

/** The call-detail record of a call; of one in progress it has no end yet. */
export function callDetailRecord(call: CallRecord, { authId, zone, now, apiId }: DetailContext): ApiBody {
  const { answeredAt, ended } = call;
  const cause = hangupCauses[call.code];
  const isAnswered = answeredAt !== null && (ended || answeredAt <= now);
  return {
    answer_time: isAnswered ? offsetTime(answeredAt, zone) : null,
    api_id: apiId,
    bill_duration: ended ? call.duration : 0,
    billed_duration: ended ? call.billDuration : 0,
    call_direction: 'outbound',
    call_duration: ended ? call.duration : 0,
    call_state: isAnswered ? 'ANSWER' : ended ? cause.status.toUpperCase() : null,
    call_uuid: call.callUuid,
    conference_uuid: null,
    end_time: ended ? offsetTime(call.endedAt, zone) : null,
    from_number: call.caller,
    hangup_cause_code: ended ? call.code : null,
    hangup_cause_name: ended ? cause.name : null,
    hangup_source: ended ? call.source : null,
    initiation_time: offsetTime(call.initiatedAt, zone),
    parent_call_uuid: null,
    resource_uri: `/v1/Account/${authId}/Call/${call.callUuid}/`,
    source_ip: '192.0.2.1',
    stir_verification: 'Not Applicable',
    to_number: call.number.replace(/^\+/, ''),
    total_amount: ended ? call.totalCost : '0.00000',
    total_rate: ratePerMinute,
    voice_network_group: '',
  };
}

/** What `?status=live` tells of a call in progress. */
export function liveCallBody(call: DetailedCall, { now, apiId }: DetailContext): ApiBody {
  return {
    api_id: apiId,
    call_status: call.answeredAt !== null && call.answeredAt <= now ? 'in-progress' : 'ringing',
    call_uuid: call.callUuid,
    caller_name: '',
    direction: 'outbound',
    from: call.caller,
    request_uuid: call.requestUuid ?? call.callUuid,
    session_start: sessionTime(call.sessionStart),
    to: call.number.replace(/^\+/, ''),
  };
}
