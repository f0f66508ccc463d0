import type { Campaign } from '@ringside/protocol';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../client-context.ts';

const MOST = 500;
const STALE_MS = 60_000;

/**
 * What the overview does not say of campaigns, such as whether somebody registered them. Read again when a campaign
 * appears or is given its total.
 */
export function useCampaignFacts(cause: string): ReadonlyMap<string, Campaign> {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['campaigns', cause],
    queryFn: async () => (await client.campaigns({ limit: MOST })).items,
    placeholderData: (before) => before,
    staleTime: STALE_MS,
    refetchOnMount: true,
    enabled: cause !== '',
  });
  return new Map(data?.map((campaign) => [campaign.id, campaign]));
}
