import type { CommandAnswer, CommandName, CommandPreview } from '@ringside/protocol';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../client-context.ts';

/** What is said with a command, as far as it takes such things. */
export interface CommandBody {
  readonly reason?: string;
  readonly at?: string;
  readonly until?: string;
  readonly forSeconds?: number;
  readonly hangUp?: boolean;
}

const PREVIEW_EVERY_MS = 5_000;

/** What a command would come to if it were given now; looked at again while somebody thinks about it. */
export function usePreview(campaignId: string, command: CommandName, body: CommandBody) {
  const client = useClient();
  return useQuery({
    queryKey: ['preview', campaignId, command, body],
    queryFn: () =>
      client.request<CommandPreview>(`${commandPath(campaignId, command)}?preview=1`, { method: 'POST', body }),
    placeholderData: keepPreviousData,
    refetchInterval: PREVIEW_EVERY_MS,
    gcTime: 0,
    retry: false,
  });
}

/** Gives a command. The same click gives it once, however often it is sent. */
export function useCommand(campaignId: string, command: CommandName, onDone: (campaign: CommandAnswer) => void) {
  const client = useClient();
  const queries = useQueryClient();
  const [once] = useState(() => crypto.randomUUID());
  return useMutation({
    mutationFn: (body: CommandBody) =>
      client.request<CommandAnswer>(commandPath(campaignId, command), {
        method: 'POST',
        body,
        ...(command === 'retry-failed' ? { headers: { 'idempotency-key': once } } : {}),
      }),
    onSuccess: (campaign) => {
      void queries.invalidateQueries({ queryKey: ['campaign', campaignId] });
      void queries.invalidateQueries({ queryKey: ['timeline', campaignId] });
      onDone(campaign);
    },
  });
}

function commandPath(campaignId: string, command: CommandName): string {
  return `/v1/campaigns/${encodeURIComponent(campaignId)}/${command}`;
}
