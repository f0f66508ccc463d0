import { createHash } from 'node:crypto';

/** Key of a campaign in every table: ids are unique per workspace only. */
export function campaignKey(workspace: string, campaignId: string): string {
  return createHash('sha256').update(`${workspace}\0${campaignId}`).digest('base64url').slice(0, 16);
}
