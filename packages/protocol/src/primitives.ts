import { z } from 'zod';

/** The instants that ISO 8601 writes with a year of four digits, epoch milliseconds; an offset can lead out of them. */
export const EARLIEST_INSTANT = Date.parse('0000-01-01T00:00:00Z');
export const LATEST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/** An instant: ISO 8601 with an offset or `Z` on input, always UTC with `Z` on output. */
export const Instant = z.iso
  .datetime({ offset: true })
  .refine((text) => isInstant(Date.parse(text)), 'must lie within the years 0 to 9999 of UTC')
  .describe('ISO 8601 instant');

/** Whether epoch milliseconds are an instant that can be written. */
export function isInstant(at: number): boolean {
  return at >= EARLIEST_INSTANT && at <= LATEST_INSTANT;
}

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

/** Whether this runtime knows a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
