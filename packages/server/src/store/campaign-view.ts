import {
  type CampaignState,
  confirmationOf,
  type Campaign as Declared,
  fact,
  iso,
  type Standing,
  statusOf,
} from '@ringside/core';
import type { Campaign, Confirmation } from '@ringside/protocol';

/** A campaign as the API shows it. */
export function campaignView(campaignId: string, state: CampaignState, standing: Standing): Campaign {
  const { campaign } = state;
  return {
    id: campaignId,
    name: fact(campaign, 'name') ?? campaignId,
    dialer: fact(campaign, 'dialer') ?? 'external',
    registered: campaign.registered,
    totalCalls: fact(campaign, 'totalCalls'),
    startedAt: isoOrNull(fact(campaign, 'startedAt')),
    retry: fact(campaign, 'retry'),
    pace: fact(campaign, 'pace'),
    defaultCountry: fact(campaign, 'defaultCountry'),
    timezone: fact(campaign, 'timezone'),
    currency: fact(campaign, 'currency'),
    maxCallSeconds: fact(campaign, 'maxCallSeconds'),
    attributes: fact(campaign, 'attributes') ?? {},
    answerXml: fact(campaign, 'answerXml'),
    windows: fact(campaign, 'windows'),
    deadline: isoOrNull(fact(campaign, 'deadline')),
    dial: fact(campaign, 'dial'),
    confirmation: confirmationView(campaign),
    status: statusOf[standing.phase],
    phase: standing.phase,
    version: state.version,
  };
}

/** Ringside obeys at once; another dialer says whether it does. */
function confirmationView(campaign: Declared): Confirmation {
  const said = confirmationOf(campaign);
  if (!said) return { state: 'not-needed', command: null, since: null, message: null };
  const { state, command, at, message } = said;
  return { state, command, since: iso(at), message };
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}
