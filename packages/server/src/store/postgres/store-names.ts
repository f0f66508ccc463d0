import { campaignKey } from '../campaign-key.ts';
import type { CampaignName } from './live-campaigns.ts';

/** A campaign by what people call it. */
export function nameOf(workspace: string, campaignId: string): CampaignName {
  return { key: campaignKey(workspace, campaignId), workspace, campaignId };
}
