import { type AliasKind, type CallDelivery, compare } from '@ringside/core';
import type { CallDetail, LeadInput } from '@ringside/protocol';
import { contentHash } from './api-event.ts';

/**
 * What a person says of a call, as an event like any other. It counts from now on, and always after what was said of
 * this call's lead before, also by a clock that runs ahead of ours.
 * @param callId the id under which the call was asked for
 * @param now epoch milliseconds
 */
export function verdictDelivery(call: CallDetail, callId: string, verdict: LeadInput, now: number): CallDelivery {
  const earlier = call.events.filter(({ type }) => type === 'lead').map((event) => Date.parse(event.at));
  const at = Math.max(now, ...earlier.map((said) => said + 1));
  const { leadStatus, leadScore = null, reason = null, summary = null } = verdict;
  return {
    about: 'call',
    hash: contentHash({ verdict, callId, at }),
    source: 'api',
    receivedAt: now,
    aliases: [{ kind: kindOf(call, callId), id: callId }],
    to: null,
    from: null,
    contactId: null,
    attributes: null,
    events: [
      {
        type: 'lead',
        at,
        timing: 'exact',
        lead: { status: leadStatus, score: leadScore, reason, summary, by: 'person' },
      },
    ],
  };
}

/** The id keeps its kind: the verdict teaches nothing about the call's names. */
function kindOf({ ids }: CallDetail, callId: string): AliasKind {
  const kinds = (Object.keys(ids) as AliasKind[]).sort(compare);
  return kinds.find((kind) => ids[kind].includes(callId)) ?? 'external';
}
