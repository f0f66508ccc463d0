import { z } from 'zod';

/** An instant: ISO 8601 with an offset or `Z` on input, always UTC with `Z` on output. */
export const Instant = z.iso.datetime({ offset: true }).describe('ISO 8601 instant');

/** Ids are names of members in the overview, where this one would be no member at all. */
export const CAMPAIGN_ID = /^(?!__proto__$)[A-Za-z0-9._:-]{1,128}$/;

/** A campaign's external id, unique inside its workspace. */
export const CampaignId = z
  .string()
  .regex(CAMPAIGN_ID, 'must be 1 to 128 of A-Z a-z 0-9 . _ : -')
  .describe('Campaign id');

/** An id that an outside system chose for a call or a contact. */
export const ExternalId = z.string().min(1).max(128);

/** A destination or caller id as somebody wrote it: E.164, local digits, or a `sip:` address. */
export const DialString = z.string().min(1).max(256);

/** An exact amount of money: at most nine digits before and six after the point. */
export const Decimal = z.string().regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be a decimal such as "0.01842"');

/** ISO 4217 code. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as "USD"');

/** ISO 3166-1 alpha-2 code. */
export const Country = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code such as "IN"');

/** IANA time zone name known to this runtime. */
export const TimeZone = z.string().max(64).refine(isTimeZone, 'must be an IANA time zone such as "Asia/Kolkata"');

/** Free facts about a contact or a campaign, shown and exported as they are. */
export const Attributes = z
  .record(z.string().min(1).max(64), z.union([z.string().max(512), z.number(), z.boolean(), z.null()]))
  .refine((value) => Object.keys(value).length <= 32, 'must have at most 32 members');
export type Attributes = z.infer<typeof Attributes>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
