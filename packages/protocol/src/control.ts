import { z } from 'zod';
import { Instant } from './primitives.ts';

/** Body of `POST /v1/campaigns/:id/confirm`: an external dialer answers the command that it was asked by this id. */
export const ConfirmInput = z.strictObject({
  id: z.string().min(1).max(64),
  confirmed: z.boolean(),
  message: z.string().trim().min(1).max(500).optional().describe('Why not, for people to read'),
});
export type ConfirmInput = z.infer<typeof ConfirmInput>;

/** Where external dialers of a workspace are sent commands. */
/** The longest time-out of an external dialer. */
export const LONGEST_ANSWER_SECONDS = 600;

export const ControlWebhookInput = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .refine(
      (url) => !/^[^/]*\/\/[^/?#]*@/.test(url),
      'must hold no user name or password: requests are signed instead',
    ),
  timeoutSeconds: z
    .number()
    .int()
    .min(5)
    .max(LONGEST_ANSWER_SECONDS)
    .default(30)
    .describe('How long an answer is waited for'),
  rotateSecret: z.boolean().default(false).describe('Makes another secret and shows it; the old one counts no more'),
});
export type ControlWebhookInput = z.infer<typeof ControlWebhookInput>;

/** The same as it is read. */
export const ControlWebhook = z.object({
  url: z.string(),
  timeoutSeconds: z.number().int(),
  changedAt: Instant,
  secret: z.string().nullable().describe('Only in the answer that made it'),
});
export type ControlWebhook = z.infer<typeof ControlWebhook>;
