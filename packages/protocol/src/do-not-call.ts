import { z } from 'zod';
import { DoNotCallEntry, UploadAnswer } from './dialing.ts';
import { DialString } from './primitives.ts';

const reason = z.string().trim().min(1).max(500).optional().describe('Why, for whoever reads the list');

/** Body of `POST /v1/do-not-call` in JSON. */
export const DoNotCallAdd = z.strictObject({
  numbers: z.array(DialString).min(1).max(10_000).describe('With their countries, such as +919876543210'),
  reason,
});
export type DoNotCallAdd = z.infer<typeof DoNotCallAdd>;

export const DoNotCallRemove = z.strictObject({ number: DialString, reason });

export const DoNotCallList = z.object({ items: z.array(DoNotCallEntry), nextCursor: z.string().nullable() });
export type DoNotCallList = z.infer<typeof DoNotCallList>;

/** What came of numbers that shall not be called. */
export const DoNotCallAnswer = UploadAnswer.omit({ accepted: true, totalCalls: true }).extend({
  added: z.number().int(),
  known: z.number().int().describe('Stood on the list before, or twice in what was sent'),
});
export type DoNotCallAnswer = z.infer<typeof DoNotCallAnswer>;
