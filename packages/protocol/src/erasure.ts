import { z } from 'zod';
import { DialString } from './primitives.ts';

/** Whose number shall be forgotten. */
export const ErasureRequest = z.strictObject({
  number: DialString.describe('With its country, such as +919876543210; or a SIP address'),
  reason: z.string().trim().max(512).optional().describe('For the audit log; numbers in it are masked'),
});
export type ErasureRequest = z.infer<typeof ErasureRequest>;

/** An erased number. The number itself is nowhere any more; the token is what stands in its place. */
export const Erasure = z.object({
  token: z.string(),
  at: z.string().describe('ISO 8601 UTC'),
  actor: z.string(),
  reason: z.string().nullable(),
  state: z.enum(['running', 'done']).describe('`running`: records are still looked through, in the background'),
  doneAt: z.string().nullable(),
  found: z.object({
    campaigns: z.number().int().describe('In which something was rewritten'),
    calls: z.number().int(),
    events: z.number().int(),
    contacts: z.number().int(),
    unassigned: z.number().int().describe('Callbacks without a campaign that were deleted'),
    doNotCall: z.number().int().describe('Entries of the list of numbers that nobody may call'),
  }),
  note: z.string().nullable().describe('In words, when it ended without finding anything'),
});
export type Erasure = z.infer<typeof Erasure>;
