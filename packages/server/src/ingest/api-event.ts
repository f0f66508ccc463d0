import { hash } from 'node:crypto';
import {
  type CallDelivery,
  type CallEvent,
  type CampaignDelivery,
  type CampaignFacts,
  type Moment,
  microsOf,
  unreachable,
} from '@ringside/core';
import type { CallEventInput, CampaignCreate, CampaignEventInput, CampaignPatch, LeadRules } from '@ringside/protocol';

import type { ListFacts } from '../store/dialing/dial-store.ts';

/** What an event of the API may count as: told as it happens, or imported history, which anything live outranks. */
export type EventSource = 'api' | 'import';

/** A checked item of `/v1/events` about a call, as the fold takes it. */
export function callDelivery(event: CallEventInput, receivedAt: number, source: EventSource = 'api'): CallDelivery {
  return {
    about: 'call',
    hash: eventHash(event, source),
    source,
    receivedAt,
    aliases: [{ kind: 'external', id: event.callId }],
    to: event.to ?? null,
    from: event.from ?? null,
    contactId: event.contactId ?? null,
    attributes: event.attributes ?? null,
    events: [callEvent(event, Date.parse(event.at))],
  };
}

/** A checked item of `/v1/events` about a campaign. */
export function campaignDelivery(
  event: CampaignEventInput,
  receivedAt: number,
  source: EventSource = 'api',
): CampaignDelivery {
  const { change, reason = null, actor = null } = event;
  const at = Date.parse(event.at);
  return {
    about: 'campaign',
    type: 'change',
    hash: eventHash(event, source),
    source,
    receivedAt,
    at,
    change,
    reason,
    actor,
  };
}

/**
 * A registration or a change of declared facts, as an event of the campaign.
 * @param said when it was declared, and by whom
 */
export function factsDelivery(
  declared: CampaignCreate | CampaignPatch,
  said: Moment & { readonly registers: boolean; readonly actor: string },
): CampaignDelivery {
  return saidDelivery(factsOf(declared), said);
}

/** Something that was done to a campaign, with the facts that it changed if any, as its timeline tells it. */
export function saidDelivery(
  facts: CampaignFacts,
  said: Moment & {
    readonly registers: boolean;
    readonly actor: string;
    readonly reason?: string | null;
  },
): CampaignDelivery {
  const hash = contentHash({ facts, at: said.at });
  return { about: 'campaign', type: 'facts', hash, source: 'api', facts, ...said };
}

/** Lead rules as a fact of a campaign. @param actor who applied them, `null` for those of its workspace */
export function rulesDelivery(leadRules: LeadRules, moment: Moment, actor: string | null): CampaignDelivery {
  const facts = { leadRules };
  const hash = contentHash({ facts, at: moment.at });
  return { about: 'campaign', type: 'facts', hash, source: 'api', ...moment, registers: false, facts, actor };
}

/** What a list consists of. */
export function listFactsOf({ contacts, zones, excluded }: ListFacts) {
  return { totalCalls: contacts, listZones: zones, listExcluded: excluded } satisfies CampaignFacts;
}

/** The declared facts without what was left out. */
export function factsOf(declared: CampaignCreate | CampaignPatch): CampaignFacts {
  const { startedAt, deadline, ...rest } = declared;
  // An external dialer is what a campaign has of which nobody said anything.
  const notFacts = new Set(['dialer' in rest && rest.dialer === 'built-in' ? '' : 'dialer', 'id']);
  const given = Object.entries(rest).filter(([name, value]) => value !== undefined && !notFacts.has(name));
  return {
    ...(Object.fromEntries(given) as CampaignFacts),
    ...(startedAt === undefined ? {} : { startedAt: Date.parse(startedAt) }),
    ...(deadline === undefined ? {} : { deadline: Date.parse(deadline) }),
  };
}

/** The same words from another source are another statement: they rank differently. */
function eventHash(event: CallEventInput | CampaignEventInput, source: EventSource): string {
  return contentHash(source === 'api' ? event : { source, event });
}

/** Short hash of a value's canonical JSON: members in one order, whatever order they were written in. */
export function contentHash(value: unknown): string {
  return hash('sha256', canonical(value), 'base64url').slice(0, 12);
}

function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

function callEvent(event: CallEventInput, at: number): CallEvent {
  const moment = { at, timing: 'exact' } as const;
  switch (event.type) {
    case 'initiated':
    case 'ringing':
    case 'machine':
    case 'note':
      return { type: event.type, ...moment };
    case 'answered':
      return { type: 'answered', ...moment, answeredBy: event.answeredBy ?? null };
    case 'recording':
      return { type: 'recording', ...moment, recordingUrl: event.recordingUrl };
    case 'lead':
      return {
        type: 'lead',
        ...moment,
        lead: {
          status: event.leadStatus,
          score: event.leadScore ?? null,
          reason: event.reason ?? null,
          summary: event.summary ?? null,
          by: event.source ?? 'bot',
        },
      };
    case 'ended':
      return ended(event, moment);
    default:
      return unreachable(event);
  }
}

function ended(event: CallEventInput & { type: 'ended' }, moment: { at: number; timing: 'exact' }): CallEvent {
  const micros = event.cost === undefined ? null : microsOf(event.cost);
  return {
    type: 'ended',
    ...moment,
    end: {
      status: event.status,
      code: event.hangupCode ?? null,
      cause: event.hangupCause ?? null,
      source: event.hangupSource ?? null,
      duration: event.duration ?? null,
    },
    billDuration: event.billDuration ?? null,
    cost: micros === null ? null : { micros, currency: event.currency ?? null },
    digits: event.digits ?? null,
    recordingUrl: event.recordingUrl ?? null,
    retryDueAt: event.retryDueAt === undefined ? null : Date.parse(event.retryDueAt),
  };
}
