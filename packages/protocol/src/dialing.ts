import { z } from 'zod';
import { Attributes, CampaignId, DialString, Instant } from './primitives.ts';
import { Outcome } from './report.ts';

/** Who places a campaign's calls: a system of the user's, or Ringside. */
export const Dialer = z.enum(['external', 'built-in']);
export type Dialer = z.infer<typeof Dialer>;

/** Outcomes after which a contact may be called again. `lost` is not among them: nobody knows whether it was reached. */
export const RetryOutcome = Outcome.exclude(['completed', 'lost']);

/** What follows an end with one outcome, where it differs from the policy's usual. */
export const OutcomeRetry = z.strictObject({
  maxAttempts: z.number().int().min(1).max(20).optional().describe('Attempts that may end so; 1 is never again'),
  delaySeconds: z
    .number()
    .int()
    .min(0)
    .max(30 * 86_400)
    .optional(),
});
export type OutcomeRetry = z.infer<typeof OutcomeRetry>;

/**
 * How often a contact is tried: at most `maxAttempts` calls, one budget for all outcomes, `delaySeconds` after an end
 * that did not reach it. `outcomes` says what is otherwise after some of them; it counts where Ringside dials.
 */
export const RetryPolicy = z.strictObject({
  maxAttempts: z.number().int().min(1).max(20),
  delaySeconds: z
    .number()
    .int()
    .min(0)
    .max(30 * 86_400),
  outcomes: z.partialRecord(RetryOutcome, OutcomeRetry).optional(),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

const Clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day such as "09:30", or "24:00"');
const Day = z.iso.date();

/**
 * When contacts may be called. `days` are ISO weekdays, 1 is Monday; a window whose `to` is not after `from` goes on past
 * midnight. `holidays` are local dates without any calls. Where `zone` is `contact` the clock is that of the contact's own
 * zone, and the campaign's for contacts without one.
 */
export const CallingWindows = z.strictObject({
  zone: z.enum(['campaign', 'contact']).default('campaign'),
  weekly: z
    .array(
      z.strictObject({
        days: z.array(z.number().int().min(1).max(7)).min(1).max(7),
        from: Clock,
        to: Clock,
      }),
    )
    .min(1)
    .max(50),
  holidays: z.array(Day).max(400).default([]),
});
export type CallingWindows = z.infer<typeof CallingWindows>;

/** How Ringside dials a campaign. */
export const DialPlan = z.strictObject({
  callerIds: z.array(DialString).min(1).max(100).describe('Taken in turn; a retry takes another where there is one'),
  answerUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional()
    .describe('Without one the campaign’s answerXml is served'),
  answerMethod: z.enum(['GET', 'POST']).default('POST'),
  machineDetection: z.enum(['off', 'detect', 'hangup']).default('off'),
  ringTimeoutSeconds: z.number().int().min(5).max(120).default(45),
  account: z.string().max(64).optional().describe('Id of the provider account; without one the workspace’s first'),
});
export type DialPlan = z.infer<typeof DialPlan>;

/** Why a row of an upload did not become a contact. */
export const RowProblem = z.enum([
  'invalid-number',
  'no-number',
  'duplicate',
  'duplicate-id',
  'do-not-call',
  'unreadable',
  'bad-value',
]);
export type RowProblem = z.infer<typeof RowProblem>;

/** A row that was left out. `line` counts from 1 and is that of the file, its header included. */
export const RejectedRow = z.object({
  line: z.number().int(),
  code: RowProblem,
  message: z.string(),
  value: z.string().nullable().describe('What stood there, shortened; masked like every number'),
});
export type RejectedRow = z.infer<typeof RejectedRow>;

/** What came of an upload, or with `?preview=1` what would. */
export const UploadAnswer = z.object({
  accepted: z.number().int(),
  rejected: z.number().int(),
  reasons: z.partialRecord(RowProblem, z.number().int()),
  rows: z
    .array(RejectedRow)
    .describe('The first 1,000 rejected rows; all of them as NDJSON with Accept: application/x-ndjson'),
  columns: z.record(z.string(), z.string()).describe('What each column was read as'),
  totalCalls: z.number().int().describe('Contacts on the list now'),
});
export type UploadAnswer = z.infer<typeof UploadAnswer>;

/** One number that nobody of the workspace may call. */
export const DoNotCallEntry = z.object({
  number: z.string(),
  reason: z.string().nullable(),
  addedAt: Instant,
  addedBy: z.string(),
});
export type DoNotCallEntry = z.infer<typeof DoNotCallEntry>;

export const AttemptState = z.enum(['intended', 'sending', 'accepted', 'refused', 'in-doubt', 'placed', 'not-placed']);
export type AttemptState = z.infer<typeof AttemptState>;

/** Something that speaks for or against an attempt having been placed. */
export const Evidence = z.object({ at: Instant, what: z.string() });
export type Evidence = z.infer<typeof Evidence>;

/** An attempt that waits for proof, or for a person. */
export const DoubtfulAttempt = z.object({
  attemptId: z.string(),
  campaignId: CampaignId,
  number: z.string().nullable(),
  callerId: z.string(),
  attempt: z.number().int().describe('Which attempt on the contact it is, from 1'),
  state: AttemptState,
  sentAt: Instant.nullable(),
  needsPerson: z.boolean().describe('Nothing more will prove it'),
  evidence: z.array(Evidence),
});
export type DoubtfulAttempt = z.infer<typeof DoubtfulAttempt>;

/** What a person found out about an attempt in doubt. */
export const DoubtVerdict = z.strictObject({
  placed: z.boolean(),
  reason: z.string().trim().min(1).max(500).describe('How they know'),
});
export type DoubtVerdict = z.infer<typeof DoubtVerdict>;

/** What a control command may say beside its name. */
const reason = z.string().trim().min(1).max(500).optional();
export const StartCommand = z.strictObject({ reason, at: Instant.optional().describe('Starts then by itself') });
export type StartCommand = z.input<typeof StartCommand>;

export const PauseCommand = z
  .strictObject({
    reason,
    until: Instant.optional().describe('Resumes then by itself'),
    forSeconds: z
      .number()
      .int()
      .min(1)
      .max(30 * 86_400)
      .optional(),
    hangUp: z.boolean().default(false).describe('Ends live calls too, instead of letting them finish'),
  })
  .refine(
    ({ until, forSeconds }) => until === undefined || forSeconds === undefined,
    'takes until or forSeconds, not both',
  );
export type PauseCommand = z.input<typeof PauseCommand>;

export const ResumeCommand = z.strictObject({ reason });
export type ResumeCommand = z.input<typeof ResumeCommand>;

export const CancelCommand = z.strictObject({ reason, hangUp: z.boolean().default(false) });
export type CancelCommand = z.input<typeof CancelCommand>;

export const RetryFailedCommand = z.strictObject({
  reason,
  outcomes: z.array(RetryOutcome).min(1).optional().describe('Only contacts whose last call ended so'),
});
export type RetryFailedCommand = z.input<typeof RetryFailedCommand>;

export const CommandName = z.enum(['start', 'pause', 'resume', 'cancel', 'retry-failed']);
export type CommandName = z.infer<typeof CommandName>;

/** What a command would come to, before anybody clicks. Unknown is `null`. */
export const CommandPreview = z.object({
  command: CommandName,
  allowed: z.boolean(),
  message: z.string().describe('The consequences in one or two sentences'),
  draining: z.number().int().describe('Live calls that would still finish'),
  contacts: z.number().int().describe('Contacts that the command is about'),
  skipped: z.number().int().describe('Of these, contacts that would not be called'),
  endTime: z.object({ from: Instant.nullable(), to: Instant.nullable() }).describe('How the expected end moves'),
  missesWindow: z.number().int().nullable().describe('Contacts that would not be called before the deadline'),
});
export type CommandPreview = z.infer<typeof CommandPreview>;

/** Whether an external dialer did what it was asked. */
export const Confirmation = z.object({
  state: z.enum(['not-needed', 'asked', 'confirmed', 'refused', 'unconfirmed']),
  command: CommandName.nullable(),
  since: Instant.nullable(),
  message: z.string().nullable(),
});
export type Confirmation = z.infer<typeof Confirmation>;

/** A row of an upload in JSON or NDJSON, as it is best written; other member names are mapped as columns are. */
export const ContactInput = z.object({
  number: z.union([z.string(), z.number()]),
  contactId: z.string().max(128).optional(),
  timezone: z.string().max(64).optional(),
  attributes: Attributes.optional(),
});
