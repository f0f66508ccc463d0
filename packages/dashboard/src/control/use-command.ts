import type { RingsideClient } from '@ringside/client';
import type { CommandAnswer, CommandName } from '@ringside/protocol';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../client-context.ts';
import type { RetriedOutcome } from '../plan/retry-text.ts';

/** What is said with a command, as far as it takes such things. */
export interface Said {
  readonly reason?: string;
  readonly at?: string;
  readonly until?: string;
  readonly forSeconds?: number;
  readonly hangUp?: boolean;
  readonly outcomes?: RetriedOutcome[];
}

const PREVIEW_EVERY_MS = 5_000;

/** What a command would come to if it were given now; looked at again while somebody thinks about it. */
export function usePreview(campaignId: string, command: CommandName, said: Said) {
  const client = useClient();
  return useQuery({
    queryKey: ['preview', campaignId, command, said],
    queryFn: () => client.preview(campaignId, command, said),
    placeholderData: keepPreviousData,
    refetchInterval: PREVIEW_EVERY_MS,
    gcTime: 0,
    retry: false,
  });
}

/** Gives a command. Where it is sent again after a failure it is still the same command. */
export function useCommand(campaignId: string, command: CommandName, onDone: (answer: CommandAnswer) => void) {
  const client = useClient();
  const queries = useQueryClient();
  const [key] = useState(newKey);
  return useMutation({
    mutationFn: (said: Said) => obey[command](client, campaignId, { ...said, key }),
    onSuccess: (answer) => {
      void queries.invalidateQueries({ queryKey: ['campaign', campaignId] });
      void queries.invalidateQueries({ queryKey: ['timeline', campaignId] });
      onDone(answer);
    },
  });
}

type Given = Said & { readonly key: string };

const obey: Readonly<
  Record<CommandName, (client: RingsideClient, id: string, given: Given) => Promise<CommandAnswer>>
> = {
  start: (client, id, { key: _key, ...said }) => client.start(id, said),
  pause: (client, id, { key: _key, hangUp = false, ...said }) => client.pause(id, { ...said, hangUp }),
  resume: (client, id, { key: _key, ...said }) => client.resume(id, said),
  cancel: (client, id, { key: _key, hangUp = false, ...said }) => client.cancel(id, { ...said, hangUp }),
  'retry-failed': (client, id, { key, ...said }) => client.retryFailed(id, { ...said, idempotencyKey: key }),
};

/** Pages without HTTPS have no `randomUUID`. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16)).join('-');
}
