import type { Workspace } from '@ringside/protocol';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../client-context.ts';

/** The workspaces that one may know of: all of them for who looks after them, else one’s own. */
export function useWorkspaces(enabled = true) {
  const client = useClient();
  return useQuery({
    queryKey: ['workspaces'],
    queryFn: async () => (await client.request<{ items: Workspace[] }>('/v1/workspaces')).items,
    enabled,
  });
}
