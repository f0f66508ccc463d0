import { z } from 'zod';
import { CallState } from './call.ts';
import { ContactState } from './contact.ts';
import { Instant } from './primitives.ts';
import { LeadStatus, Outcome } from './report.ts';

/** How long an answer may be, and where it goes on. */
const page = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(1_024).optional().describe('`nextCursor` of the page before, with the same query'),
};

/** Several words: a parameter given more than once, or one with commas. */
function words<T extends z.ZodType>(word: T) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat().flatMap((text) => text.split(',').map((part) => part.trim())) as z.input<T>[])
    .pipe(z.array(word).min(1).max(32))
    .optional();
}

/** How good a lead is; `unscored`: an ended call of which nobody said. */
export const LeadFilter = z.enum([...LeadStatus.options, 'unscored']);
export type LeadFilter = z.infer<typeof LeadFilter>;

const seconds = z.coerce
  .number()
  .int()
  .min(0)
  .max(7 * 86_400)
  .optional();

const callFilter = {
  outcome: words(Outcome).describe('One or more outcomes, repeated or comma separated'),
  lead: words(LeadFilter).describe('One or more of hot, warm, cold, no-answer, unscored'),
  cause: z.coerce.number().int().min(0).max(99_999).optional().describe('Hangup code'),
  number: z
    .string()
    .max(64)
    .transform((text) => text.replace(/[\s+().-]/g, ''))
    .pipe(z.string().regex(/^\d{3,15}$/, 'must have 3 to 15 digits'))
    .optional()
    .describe('Digits anywhere in the dialed number'),
  from: Instant.optional().describe('Ended at this time or later'),
  to: Instant.optional().describe('Ended before this time'),
  minDuration: seconds.describe('Least talk time in seconds'),
  maxDuration: seconds.describe('Most talk time in seconds'),
  answeredBy: z.enum(['human', 'machine', 'none']).optional(),
  state: CallState.optional(),
};

/** Query of `GET …/calls.csv` and `.ndjson`. */
export const CallExportQuery = z.strictObject(callFilter);
export type CallExportQuery = z.infer<typeof CallExportQuery>;

/** Query of `GET …/calls`. A live call sorts as the newest end; other unknown values come last in either order. */
export const CallsQuery = z.strictObject({
  ...callFilter,
  sort: z.enum(['endTime', 'startTime', 'duration']).default('endTime'),
  order: z.enum(['asc', 'desc']).default('desc'),
  ...page,
});
export type CallsQuery = z.infer<typeof CallsQuery>;

const contactFilter = {
  state: words(ContactState).describe(
    'One or more of notStarted, excluded, reached, inFlight, waitingRetry, unreached',
  ),
  lead: words(LeadFilter).describe('One or more of hot, warm, cold, no-answer, unscored'),
};

/** Query of `GET …/contacts.csv` and `.ndjson`. */
export const ContactExportQuery = z.strictObject(contactFilter);
export type ContactExportQuery = z.infer<typeof ContactExportQuery>;

/** Query of `GET …/contacts`. */
export const ContactsQuery = z.strictObject({ ...contactFilter, ...page });
export type ContactsQuery = z.infer<typeof ContactsQuery>;
