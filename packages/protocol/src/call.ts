import { z } from 'zod';
import { LeadVerdict } from './call-event.ts';
import { Attributes, Instant } from './primitives.ts';
import { LeadStatus, Outcome } from './report.ts';

/** `live` until the call is known to be over. */
export const CallState = z.enum(['live', 'ended']);
export type CallState = z.infer<typeof CallState>;

const wholeSeconds = z.number().int().min(0).nullable();

/** Every id that names a call, by kind. Any of them finds it. */
export const CallIds = z.object({
  attempt: z.array(z.string()).describe('Attempt ids of a dialer'),
  request: z.array(z.string()).describe('RequestUUIDs of the provider'),
  call: z.array(z.string()).describe('CallUUIDs of the provider'),
  external: z.array(z.string()).describe('Ids that an outside system uses'),
});
export type CallIds = z.infer<typeof CallIds>;

/** One placed call as it stands now. Every member is always present; what is unknown is `null`. */
export const Call = z.object({
  callUUID: z.string(),
  ids: CallIds,
  number: z.string().nullable().describe('The dialed number, in E.164 where it can be read as one'),
  from: z.string().nullable().describe('The caller id'),
  contactId: z.string().nullable(),
  attempt: z.number().int().min(1).nullable().describe('1 for the first call of its contact'),
  state: CallState,
  startTime: Instant.nullable(),
  ringTime: Instant.nullable(),
  answerTime: Instant.nullable(),
  endTime: Instant.nullable(),
  outcome: Outcome.nullable(),
  answeredBy: z.enum(['human', 'machine']).nullable().describe('`null`: nobody answered yet, or at all'),
  duration: wholeSeconds.describe('Talk time in whole seconds'),
  billDuration: wholeSeconds.describe('Billed time in whole seconds'),
  ringSeconds: wholeSeconds.describe('From placing to answer, where both times are exact'),
  leadStatus: LeadStatus.nullable(),
  leadScore: z.number().int().min(0).max(100).nullable(),
  leadReason: z.string().nullable(),
  hangupCause: z.string().nullable(),
  hangupCode: z.number().int().nullable(),
  hangupSource: z.string().nullable(),
  cost: z.string().nullable().describe('Exact decimal'),
  currency: z.string().nullable(),
  digits: z.string().nullable(),
  recordingUrl: z.string().nullable(),
  attributes: Attributes,
});
export type Call = z.infer<typeof Call>;

export const CallList = z.object({ items: z.array(Call), nextCursor: z.string().nullable() });
export type CallList = z.infer<typeof CallList>;

/** Who said it, from the most to the least trusted. */
const source = z.enum(['cdr', 'callback', 'api', 'import', 'sweeper']);

const moment = {
  seq: z.number().int().describe('Number of the delivery that said it, counted per campaign'),
  at: Instant,
  receivedAt: Instant,
  source,
  timing: z
    .enum(['exact', 'approximate', 'receipt'])
    .describe('`at` is the source’s own, stated for something else, or only the time of receipt'),
};

/** One thing that happened to a call, with the facts that came with it. */
export const CallTimelineEvent = z.discriminatedUnion('type', [
  z.object({ ...moment, type: z.enum(['initiated', 'ringing', 'machine', 'note']) }),
  z.object({ ...moment, type: z.literal('retry'), retryDueAt: Instant }),
  z.object({
    ...moment,
    type: z.literal('answered'),
    answeredBy: z.enum(['human', 'machine', 'unknown']).nullable(),
  }),
  z.object({
    ...moment,
    type: z.literal('ended'),
    status: z.string().nullable(),
    hangupCode: z.number().int().nullable(),
    hangupCause: z.string().nullable(),
    hangupSource: z.string().nullable(),
    duration: wholeSeconds,
    billDuration: wholeSeconds,
    cost: z.string().nullable(),
    currency: z.string().nullable(),
    digits: z.string().nullable(),
    recordingUrl: z.string().nullable(),
    retryDueAt: Instant.nullable(),
  }),
  z.object({
    ...moment,
    type: z.literal('lead'),
    leadStatus: LeadVerdict,
    leadScore: z.number().int().nullable(),
    reason: z.string().nullable(),
    summary: z.string().nullable(),
    by: z.enum(['bot', 'person']),
  }),
  z.object({ ...moment, type: z.literal('recording'), recordingUrl: z.string() }),
]);
export type CallTimelineEvent = z.infer<typeof CallTimelineEvent>;

/** One message about a call as it came in. */
export const CallDeliveryRecord = z.object({
  seq: z.number().int(),
  receivedAt: Instant,
  source,
  number: z.string().nullable().describe('As the source wrote it'),
  from: z.string().nullable(),
  contactId: z.string().nullable(),
  raw: z
    .object({ query: z.string(), body: z.string() })
    .nullable()
    .optional()
    .describe('A callback’s query and body as received. Left out for readers who may not see numbers'),
});
export type CallDeliveryRecord = z.infer<typeof CallDeliveryRecord>;

/** A call with everything that was ever said about it. */
export const CallDetail = Call.extend({
  events: z.array(CallTimelineEvent).describe('Oldest first'),
  deliveries: z.array(CallDeliveryRecord).describe('In order of receipt'),
});
export type CallDetail = z.infer<typeof CallDetail>;

/** Body of `POST …/calls/:callId/lead`: what a person makes of the call. It beats every rule and every bot. */
export const LeadInput = z.strictObject({
  leadStatus: LeadVerdict,
  leadScore: z.number().int().min(0).max(100).optional(),
  reason: z.string().max(512).optional(),
  summary: z.string().max(4_096).optional(),
});
export type LeadInput = z.infer<typeof LeadInput>;
