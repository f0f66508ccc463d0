import type { CallDelivery } from '@ringside/core';
import { contentHash } from '../ingest/api-event.ts';
import type { StaleCall } from '../store/store.ts';

/**
 * The event that nobody sent: the call is over, and how is not known. It is a statement of the lowest rank, so
 * whatever is heard of the end later takes its place. It follows from the call alone, whenever it is made.
 */
export function lostDelivery(call: StaleCall, receivedAt: number): CallDelivery {
  const at = call.startedAt + call.maxCallSeconds * 1000;
  return {
    about: 'call',
    hash: contentHash({ lost: call.row, at }),
    source: 'sweeper',
    receivedAt,
    aliases: call.aliases,
    to: null,
    from: null,
    contactId: null,
    attributes: null,
    events: [
      {
        type: 'ended',
        at,
        timing: 'exact',
        end: { status: 'lost', code: null, cause: null, source: null, duration: null },
        billDuration: null,
        cost: null,
        digits: null,
        recordingUrl: null,
        retryDueAt: null,
      },
    ],
  };
}

/** The id under which Plivo knows a call; `null` for a call of which no callback ever told. */
export function plivoId({ aliases }: StaleCall): string | null {
  const named = aliases.find(({ kind }) => kind === 'call') ?? aliases.find(({ kind }) => kind === 'request');
  return named?.id ?? null;
}
