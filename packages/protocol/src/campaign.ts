import { z } from 'zod';
import { CallingWindows, Confirmation, Dialer, DialPlan, RetryPolicy } from './dialing.ts';
import { Attributes, CampaignId, Country, Currency, Instant, TimeZone } from './primitives.ts';
import { CampaignSummary, Phase, Status } from './report.ts';

/** The declared limits of a campaign's dialing. */
export const Pace = z.strictObject({
  callsPerSecond: z.number().positive().max(1_000).optional(),
  concurrency: z.number().int().min(1).max(100_000).optional(),
});
export type Pace = z.infer<typeof Pace>;

const name = z.string().min(1).max(200);
const totalCalls = z.number().int().min(0).max(100_000_000);

const optionalFacts = {
  startedAt: Instant.optional(),
  retry: RetryPolicy.optional(),
  pace: Pace.optional(),
  timezone: TimeZone.optional(),
  currency: Currency.optional(),
  maxCallSeconds: z.number().int().min(1).max(86_400).optional(),
  attributes: Attributes.optional(),
  answerXml: z.string().max(65_536).optional().describe('Served by the answer URL when it has no `next`'),
  windows: CallingWindows.optional(),
  deadline: Instant.optional().describe('Nothing is dialed after it; what was not called by then is excluded'),
  dial: DialPlan.optional().describe('How Ringside dials; only with the built-in dialer'),
};

/**
 * Body of `POST /v1/campaigns`: an external dialer registers, or adopts, its campaign; or a campaign is made that Ringside
 * dials, whose contacts are uploaded afterwards.
 */
export const CampaignCreate = z
  .strictObject({
    id: CampaignId,
    name,
    totalCalls: totalCalls.optional().describe('Contacts on the list; left out while unknown, or where Ringside dials'),
    dialer: Dialer.default('external'),
    defaultCountry: Country.optional().describe('Country of numbers written without one; fixed at creation'),
    ...optionalFacts,
  })
  .superRefine(({ dialer, dial, totalCalls: declared, answerXml }, { addIssue }) => {
    const wrong = (path: string, message: string): void => addIssue({ code: 'custom', path: [path], message });
    if (dialer === 'external') {
      if (dial) wrong('dial', 'is only for the built-in dialer');
      return;
    }
    if (!dial) wrong('dial', 'is needed: at least one caller id, and where calls are answered from');
    else if (dial.answerUrl === undefined && answerXml === undefined)
      wrong('answerXml', 'or dial.answerUrl is needed: a call must hear something');
    if (declared !== undefined) wrong('totalCalls', 'is counted from the uploaded contacts');
  });
export type CampaignCreate = z.infer<typeof CampaignCreate>;

/** Body of `PATCH /v1/campaigns/:id`: only what is given changes. */
export const CampaignPatch = z
  .strictObject({ name: name.optional(), totalCalls: totalCalls.optional(), ...optionalFacts })
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type CampaignPatch = z.infer<typeof CampaignPatch>;

/** A campaign as the API shows it. `registered: false`: made by a callback that nobody announced. */
export const Campaign = z.object({
  id: CampaignId,
  name: z.string(),
  dialer: Dialer,
  registered: z.boolean(),
  totalCalls: z.number().int().nullable(),
  startedAt: Instant.nullable(),
  retry: RetryPolicy.nullable(),
  pace: Pace.nullable(),
  defaultCountry: Country.nullable(),
  timezone: z.string().nullable(),
  currency: Currency.nullable(),
  maxCallSeconds: z.number().int().nullable(),
  attributes: Attributes,
  answerXml: z.string().nullable(),
  windows: CallingWindows.nullable(),
  deadline: Instant.nullable(),
  dial: DialPlan.nullable(),
  confirmation: Confirmation.describe('Of the last command to an external dialer'),
  status: Status,
  phase: Phase,
  version: z.number().int(),
});
export type Campaign = z.infer<typeof Campaign>;

/** What came of a control command: the campaign as it is then. */
export const CommandAnswer = Campaign.extend({
  changed: z.boolean().describe('False: it was so already, or the dialer had been asked already'),
  contacts: z
    .number()
    .int()
    .nullable()
    .describe('Contacts that are called again, for retry-failed where Ringside dials'),
});
export type CommandAnswer = z.infer<typeof CommandAnswer>;

/** One page of `GET /v1/campaigns`, each campaign with its live summary. */
export const CampaignList = z.object({
  items: z.array(Campaign.extend({ summary: CampaignSummary })),
  nextCursor: z.string().nullable(),
});
export type CampaignList = z.infer<typeof CampaignList>;

/** One line of what happened to a campaign: who, why and when. */
export const TimelineItem = z.object({
  at: Instant,
  kind: z.enum([
    'registered',
    'changed',
    'started',
    'paused',
    'resumed',
    'completed',
    'cancelled',
    'failed',
    'reopened',
    'first-call',
    'fault',
  ]),
  actor: z.string().nullable(),
  reason: z.string().nullable(),
  changes: z.record(z.string(), z.unknown()).nullable().describe('What was declared, for registered and changed'),
});
export type TimelineItem = z.infer<typeof TimelineItem>;

/** A page of a timeline, oldest first; the first page is the newest. */
export const TimelineList = z.object({ items: z.array(TimelineItem), nextCursor: z.string().nullable() });
