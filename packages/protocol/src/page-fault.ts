import { z } from 'zod';

/** An error that stopped a part of the dashboard from being shown, as the page reports it to the server’s log. */
export const PageFault = z.strictObject({
  message: z.string().min(1).max(300),
  address: z.string().min(1).max(300).describe('Path of the page, without query and fragment'),
  place: z.string().max(300).nullable().describe('File, line and column of the page’s code; `null` when unknown'),
  version: z.string().max(32).describe('Version of the page'),
});
export type PageFault = z.infer<typeof PageFault>;
