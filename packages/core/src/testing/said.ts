import type { CampaignChange } from '@ringside/protocol';
import type { CallDelivery, CallEvent, CampaignDelivery, CampaignFacts, EndFacts } from '../event.ts';
import type { Source } from '../register.ts';

/** Start of hand-made campaigns; minutes are counted from here. */
export const START = Date.UTC(2025, 7, 7, 14);

/** Epoch milliseconds of a minute, which may be a fraction. */
export const minute = (minutes: number): number => START + minutes * 60_000;

let serial = 0;

interface About {
  readonly call: string;
  readonly to?: string;
  readonly contactId?: string;
  readonly source?: Source;
}

/** One delivery about a call, in the fewest words. */
export function said(
  { call, to = `+9198765${call.padStart(5, '0')}`, contactId, source = 'api' }: About,
  ...events: CallEvent[]
): CallDelivery {
  serial += 1;
  return {
    about: 'call',
    hash: `h${serial}`,
    source,
    receivedAt: Math.max(...events.map((event) => event.at)),
    aliases: [{ kind: 'external', id: call }],
    to,
    from: null,
    contactId: contactId ?? null,
    attributes: null,
    events,
  };
}

export const initiated = (at: number): CallEvent => ({ type: 'initiated', at, timing: 'exact' });
export const ringing = (at: number): CallEvent => ({ type: 'ringing', at, timing: 'exact' });
export const answered = (at: number, answeredBy: 'human' | 'machine' | null = null): CallEvent => ({
  type: 'answered',
  at,
  timing: 'exact',
  answeredBy,
});

/** An end; what is not given is not known. */
export function ended(
  at: number,
  end: Partial<EndFacts>,
  more: { readonly micros?: number; readonly retryDueAt?: number; readonly digits?: string } = {},
): CallEvent {
  return {
    type: 'ended',
    at,
    timing: 'exact',
    end: { status: null, code: null, cause: null, source: null, duration: null, ...end },
    billDuration: null,
    cost: more.micros === undefined ? null : { micros: more.micros, currency: null },
    digits: more.digits ?? null,
    recordingUrl: null,
    retryDueAt: more.retryDueAt ?? null,
  };
}

export function change(
  at: number,
  what: CampaignChange,
  reason: string | null = null,
  actor: string | null = null,
): CampaignDelivery {
  serial += 1;
  return {
    about: 'campaign',
    type: 'change',
    hash: `c${serial}`,
    source: 'api',
    receivedAt: at,
    at,
    change: what,
    reason,
    actor,
  };
}

export function registered(at: number, facts: CampaignFacts): CampaignDelivery {
  serial += 1;
  return {
    about: 'campaign',
    type: 'facts',
    hash: `r${serial}`,
    source: 'api',
    receivedAt: at,
    at,
    registers: true,
    facts,
  };
}

/** A call that somebody answered and talked on, as a hangup tells it. */
export const talked = (call: string, from: number, seconds: number, changes: Partial<About> = {}): CallDelivery =>
  said(
    { call, ...changes },
    initiated(from),
    answered(from + 10_000),
    ended(from + 10_000 + seconds * 1000, { status: 'completed', code: 4000, duration: seconds }),
  );

/** A call that nobody answered, half a minute long. */
export const missed = (call: string, from: number, changes: Partial<About> = {}): CallDelivery =>
  said({ call, ...changes }, initiated(from), ended(from + 30_000, { status: 'no-answer', code: 3000, duration: 0 }));

/** A call that is live. */
export const live = (call: string, from: number, changes: Partial<About> = {}): CallDelivery =>
  said({ call, ...changes }, initiated(from));
