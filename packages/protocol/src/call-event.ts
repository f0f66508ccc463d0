import { z } from 'zod';
import { Attributes, CampaignId, Currency, Decimal, DialString, ExternalId, Instant } from './primitives.ts';
import { UNSTORABLE, unstorable } from './text.ts';

/** How a call ended, in the words of `/v1/events`. */
export const EndStatus = z.enum(['completed', 'busy', 'no-answer', 'rejected', 'failed', 'canceled']);
export type EndStatus = z.infer<typeof EndStatus>;

/** Who picked up. `unknown` says that somebody judged and could not tell. */
export const AnsweredBy = z.enum(['human', 'machine', 'unknown']);
export type AnsweredBy = z.infer<typeof AnsweredBy>;

/** An explicit verdict on a call. */
export const LeadVerdict = z.enum(['hot', 'warm', 'cold']);
export type LeadVerdict = z.infer<typeof LeadVerdict>;

/** What may happen to a campaign from outside. */
export const CampaignChange = z.enum(['started', 'paused', 'resumed', 'completed', 'cancelled', 'failed']);
export type CampaignChange = z.infer<typeof CampaignChange>;

const aboutCall = {
  campaignId: CampaignId,
  callId: ExternalId.describe('Any id of the call: the provider’s CallUUID or RequestUUID, or your own'),
  at: Instant.describe('When it happened, which may lie in the past but at most 5 minutes ahead'),
  to: DialString.optional(),
  from: DialString.optional(),
  contactId: ExternalId.optional(),
  attributes: Attributes.optional(),
};

const seconds = z
  .number()
  .int()
  .min(0)
  .max(7 * 86_400);

/** One provider-neutral thing that happened to a call. Unknown members are refused. */
export const CallEventInput = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('initiated'), ...aboutCall }),
  z.strictObject({ type: z.literal('ringing'), ...aboutCall }),
  z.strictObject({ type: z.literal('answered'), ...aboutCall, answeredBy: AnsweredBy.optional() }),
  z.strictObject({ type: z.literal('machine'), ...aboutCall }),
  z.strictObject({
    type: z.literal('ended'),
    ...aboutCall,
    status: EndStatus,
    duration: seconds.optional().describe('Talk time in whole seconds'),
    billDuration: seconds.optional().describe('Billed time in whole seconds'),
    hangupCause: z.string().max(128).optional(),
    hangupCode: z.number().int().min(0).max(99_999).optional(),
    hangupSource: z.string().max(64).optional(),
    cost: Decimal.optional(),
    currency: Currency.optional(),
    digits: z.string().max(64).optional(),
    recordingUrl: z.url().max(2_048).optional(),
    retryDueAt: Instant.optional().describe('When the dialer means to call this contact again'),
  }),
  z.strictObject({
    type: z.literal('lead'),
    ...aboutCall,
    leadStatus: LeadVerdict,
    leadScore: z.number().int().min(0).max(100).optional(),
    reason: z.string().max(512).optional(),
    summary: z.string().max(4_096).optional(),
    source: z.enum(['bot', 'person']).optional(),
  }),
  z.strictObject({ type: z.literal('recording'), ...aboutCall, recordingUrl: z.url().max(2_048) }),
  z.strictObject({
    type: z.literal('note'),
    ...aboutCall,
    reason: z.string().max(512).optional(),
    summary: z.string().max(4_096).optional(),
  }),
]);
export type CallEventInput = z.infer<typeof CallEventInput>;

/** Something that happened to a whole campaign that another system dials. */
export const CampaignEventInput = z.strictObject({
  type: z.literal('campaign'),
  campaignId: CampaignId,
  at: Instant,
  change: CampaignChange,
  reason: z.string().max(512).optional(),
  actor: z.string().max(128).optional(),
});
export type CampaignEventInput = z.infer<typeof CampaignEventInput>;

/** One item of `POST /v1/events`. */
export const EventInput = z.union([CallEventInput, CampaignEventInput]).superRefine((event, context) => {
  const path = unstorable(event);
  if (path) context.addIssue({ code: 'custom', path: [...path], message: UNSTORABLE });
});
export type EventInput = z.infer<typeof EventInput>;

/** Body of `POST /v1/events`: items are checked one by one, so a bad one does not refuse the rest. */
export const EventBatch = z.strictObject({ events: z.array(z.unknown()).min(1).max(1_000) });

/** What became of one item of a batch. `queued`: kept safely, applied when its campaign's store is back. */
export const EventResult = z.object({
  index: z.number().int(),
  result: z.enum(['accepted', 'unchanged', 'queued', 'rejected']),
  code: z.string().optional(),
  field: z.string().optional(),
  message: z.string().optional(),
});
export type EventResult = z.infer<typeof EventResult>;

export const EventResults = z.object({ results: z.array(EventResult) });
export type EventResults = z.infer<typeof EventResults>;
