import type { ApiKey } from '@ringside/protocol';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../client-context.ts';

/** The keys of a workspace, ended ones too. */
export function useKeys(workspace: string) {
  const client = useClient();
  return useQuery({
    queryKey: ['keys', workspace],
    queryFn: async () => {
      const path = `/v1/keys?workspace=${encodeURIComponent(workspace)}`;
      return (await client.request<{ items: ApiKey[] }>(path)).items;
    },
  });
}
