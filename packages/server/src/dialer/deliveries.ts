import type { CallDelivery, CallEvent, CampaignDelivery, HoldCode, Moment } from '@ringside/core';
import type { DialedStep } from '../control/control-step.ts';
import { contentHash } from '../ingest/api-event.ts';
import type { StoredAttempt } from '../store/dialing/dial-store.ts';

/** The same content has the same hash: whatever is told once more after a crash changes nothing. */
interface Told {
  readonly what: string;
  readonly source: CallDelivery['source'];
  readonly event: CallEvent;
  readonly receivedAt: number;
}

function aboutAttempt(attempt: StoredAttempt, { what, source, event, receivedAt }: Told): CallDelivery {
  const { attemptId, requestId } = attempt;
  return {
    about: 'call',
    hash: contentHash({ what, attemptId, requestId, at: event.at }),
    ...{ source, receivedAt },
    aliases: [
      { kind: 'attempt', id: attemptId },
      ...(requestId === null ? [] : [{ kind: 'request', id: requestId } as const]),
    ],
    ...{ to: attempt.number, from: attempt.callerId, contactId: attempt.contactId, attributes: attempt.attributes },
    events: [event],
  };
}

/** The call was accepted, or may have been made. @param at when its request was sent, epoch milliseconds */
export function initiatedOf(attempt: StoredAttempt, at: number): CallDelivery {
  const event = { type: 'initiated', at, timing: 'approximate' } as const;
  return aboutAttempt(attempt, { what: 'initiated', source: 'api', event, receivedAt: at });
}

/** The call was never made. @param cause in words, without numbers */
export function notMadeOf(attempt: StoredAttempt, cause: string, at: number): CallDelivery {
  const source = attempt.state === 'refused' ? 'api' : 'sweeper';
  const delivery = aboutAttempt(attempt, {
    ...{ what: attempt.state, source, receivedAt: at },
    event: {
      ...{ type: 'ended', at, timing: 'exact' },
      end: { status: 'failed', code: null, cause: cause.slice(0, 128), source: null, duration: null },
      ...{ billDuration: null, cost: null, digits: null, recordingUrl: null, retryDueAt: null },
    },
  });
  return { ...delivery, hash: contentHash({ what: attempt.state, attemptId: attempt.attemptId }) };
}

/** The contact is called again. @param endedAt the end that led to it */
export function retryOf(attempt: StoredAttempt, endedAt: number, dueAt: number): CallDelivery {
  const event = { type: 'retry', at: endedAt, timing: 'exact', dueAt } as const;
  const delivery = aboutAttempt(attempt, { what: 'retry', source: 'api', event, receivedAt: endedAt });
  return { ...delivery, hash: contentHash({ what: 'retry', attemptId: attempt.attemptId, dueAt }) };
}

export interface HoldWords {
  readonly code: HoldCode;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly until: number | null;
}

/** @param hold `null`: nothing holds the dialer up any more */
export function holdOf(hold: HoldWords | null, moment: Moment): CampaignDelivery {
  const said = hold ?? { code: null, message: null, until: null };
  const hash = contentHash({ what: 'hold', ...said, at: moment.at });
  return { about: 'campaign', type: 'hold', hash, source: 'api', ...moment, ...said };
}

/** How the dialer itself changes a campaign, and why. */
export type ChangeWords = Omit<DialedStep, 'kind'>;
