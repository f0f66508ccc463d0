import { z } from 'zod';

/** Answer of `/healthz`. A program that does not answer so is no Ringside server, and is given no key. */
export const Health = z.object({ status: z.literal('ok'), service: z.literal('ringside') });
export type Health = z.infer<typeof Health>;
