import type { RingsideClient } from '@ringside/client';
import type { PageFault } from '@ringside/protocol';

const MOST_REPORTS = 10;
const reported = new Set<string>();

/** Tells the server's log of a fault: each once, and few of one page. Failing to is no further fault. */
export function reportFault(client: RingsideClient, fault: PageFault): void {
  const key = JSON.stringify(fault);
  if (reported.has(key) || reported.size >= MOST_REPORTS) return;
  reported.add(key);
  client.request('/v1/page-faults', { method: 'POST', body: fault }).catch(() => {});
}
