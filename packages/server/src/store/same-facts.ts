import { isDeepStrictEqual } from 'node:util';
import { type CampaignState, fact } from '@ringside/core';
import type { CampaignCreate } from '@ringside/protocol';
import { factsOf } from '../ingest/api-event.ts';

/** Whether a campaign is registered as somebody wants to register it. */
export function sameFacts(state: CampaignState, wanted: CampaignCreate): boolean {
  return Object.entries(factsOf(wanted)).every(([name, value]) => {
    const known = fact(state.campaign, name as keyof ReturnType<typeof factsOf>);
    return isDeepStrictEqual(known, value);
  });
}
