import { type CampaignState, fact, iso, type Standing, statusOf } from '@ringside/core';
import type { Campaign } from '@ringside/protocol';

/** A campaign as the API shows it. */
export function campaignView(campaignId: string, state: CampaignState, standing: Standing): Campaign {
  const { campaign } = state;
  const startedAt = fact(campaign, 'startedAt');
  return {
    id: campaignId,
    name: fact(campaign, 'name') ?? campaignId,
    dialer: 'external',
    registered: campaign.registered,
    totalCalls: fact(campaign, 'totalCalls'),
    startedAt: startedAt === null ? null : iso(startedAt),
    retry: fact(campaign, 'retry'),
    pace: fact(campaign, 'pace'),
    defaultCountry: fact(campaign, 'defaultCountry'),
    timezone: fact(campaign, 'timezone'),
    currency: fact(campaign, 'currency'),
    maxCallSeconds: fact(campaign, 'maxCallSeconds'),
    attributes: fact(campaign, 'attributes') ?? {},
    answerXml: fact(campaign, 'answerXml'),
    status: statusOf[standing.phase],
    phase: standing.phase,
    version: state.version,
  };
}
