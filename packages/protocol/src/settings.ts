import { z } from 'zod';
import { CampaignId } from './primitives.ts';
import { LeadStatus } from './report.ts';

const points = z.number().int().min(-100).max(100);

/**
 * How a call without an explicit verdict is scored, 0 to 100. Points add up; every rule that applied is listed with
 * the score. An unanswered call is `no-answer` and a machine `cold`, whatever the points.
 */
export const LeadRules = z.strictObject({
  base: points.describe('Points of every call that a human answered'),
  talk: z
    .array(z.strictObject({ atLeastSeconds: z.number().int().min(1).max(86_400), points }))
    .max(10)
    .describe('Of these only the one with the most seconds that the talk reached counts'),
  calleeHungUpWithin: z.strictObject({ seconds: z.number().int().min(1).max(3_600), points }).nullable(),
  digits: z.record(z.string().regex(/^[0-9*#]{1,16}$/), points).describe('Points by what was pressed, compared whole'),
  anyDigits: points.describe('Points when something else was pressed'),
  repeatAttempts: z
    .array(z.strictObject({ fromAttempt: z.number().int().min(2).max(100), points }))
    .max(10)
    .optional()
    .describe(
      'Points by which of its contact’s attempts the call is; of these only the one with the highest attempt that the call came to counts. Left out: none',
    ),
  hotFrom: z.number().int().min(0).max(101),
  warmFrom: z.number().int().min(0).max(101),
});
export type LeadRules = z.infer<typeof LeadRules>;

/** How long records of people are kept. */
export const Retention = z.strictObject({
  callDays: z
    .number()
    .int()
    .min(1)
    .max(3_650)
    .nullable()
    .describe(
      'Days after which calls and their contacts are deleted; what they came to stays in reports. `null`: never',
    ),
});
export type Retention = z.infer<typeof Retention>;

/** What a workspace may set. */
export const Settings = z.strictObject({
  leadRules: LeadRules,
  retention: Retention.default({ callDays: null }),
});
export type Settings = z.infer<typeof Settings>;

/** A change of it: what is left out stays as it is. */
export const SettingsInput = z.strictObject({ leadRules: LeadRules.optional(), retention: Retention.optional() });

/** The rules of a workspace that set none. */
export const defaultSettings: Settings = {
  leadRules: {
    base: 20,
    talk: [
      { atLeastSeconds: 15, points: 10 },
      { atLeastSeconds: 45, points: 25 },
      { atLeastSeconds: 90, points: 40 },
      { atLeastSeconds: 180, points: 55 },
    ],
    calleeHungUpWithin: { seconds: 10, points: -20 },
    digits: { '1': 40 },
    anyDigits: 10,
    repeatAttempts: [],
    hotFrom: 70,
    warmFrom: 40,
  },
  retention: { callDays: null },
};

/** Body of a preview: rules to try, on one campaign or on the newest calls of the workspace. */
export const LeadPreviewRequest = z.strictObject({ leadRules: LeadRules, campaignId: CampaignId.optional() });

const leadCounts = z.object({ hot: z.number().int(), warm: z.number().int(), cold: z.number().int() });

/** What rules would change about calls that were scored, not judged. */
export const LeadPreview = z.object({
  calls: z.number().int(),
  before: leadCounts,
  after: leadCounts,
  examples: z.array(
    z.object({
      callUUID: z.string(),
      campaignId: z.string(),
      before: LeadStatus.nullable(),
      after: LeadStatus.nullable(),
      score: z.number().int(),
      reasons: z.array(z.string()),
    }),
  ),
});
export type LeadPreview = z.infer<typeof LeadPreview>;
