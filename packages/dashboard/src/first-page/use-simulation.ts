import type { SimulationOpened, SimulationStatus } from '@ringside/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { useClient } from '../client-context.ts';

const EVERY_MS = 5_000;
const PATH = '/v1/simulation';
const KEY = ['simulation'];

/** The simulated campaign of the server: whether one can be run, the one that runs, and what starts and stops it. */
export function useSimulation() {
  const client = useClient();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const { data: status } = useQuery({
    queryKey: KEY,
    queryFn: () => client.request<SimulationStatus>(PATH),
    refetchInterval: EVERY_MS,
  });
  const changed = (): Promise<void> => queries.invalidateQueries({ queryKey: KEY });
  const open = useMutation({
    mutationFn: () => client.request<SimulationOpened>(PATH, { method: 'POST', body: {} }),
    onSuccess: ({ url }) => {
      // The link names the public address; this page may have come from another one.
      const { pathname, hash } = new URL(url);
      navigate(pathname + hash);
      return changed();
    },
  });
  const stop = useMutation({
    mutationFn: () => client.request(PATH, { method: 'DELETE' }),
    onSuccess: changed,
  });
  return { status, open, stop };
}
