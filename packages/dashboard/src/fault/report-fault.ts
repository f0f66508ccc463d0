import { useCallback } from 'react';
import { useClient } from '../client-context.ts';
import { pageFault } from './fault-detail.ts';

const MOST_REPORTS = 10;
const reported = new Set<string>();

/** Returns a function that reports a fault to the server's log: each once, and few of one page. A failure to is ignored. */
export function useReportFault(): (error: unknown) => void {
  const client = useClient();
  return useCallback(
    (error) => {
      const body = pageFault(error, location.pathname);
      const key = JSON.stringify(body);
      if (reported.has(key) || reported.size >= MOST_REPORTS) return;
      reported.add(key);
      client.request('/v1/page-faults', { method: 'POST', body }).catch(() => {});
    },
    [client],
  );
}
