import type { IntakeStatus } from '@ringside/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../client-context.ts';

const EVERY_MS = 5_000;

/** What the server hears from Plivo, read every five seconds. */
export function useIntake(): { readonly intake: IntakeStatus | undefined; readonly failing: boolean } {
  const client = useClient();
  const { data, isError } = useQuery({
    queryKey: ['intake'],
    queryFn: () => client.intake(),
    refetchInterval: EVERY_MS,
  });
  return { intake: data, failing: isError };
}
