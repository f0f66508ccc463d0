import { eventRequests } from './event-requests.ts';
import { hangupRequests } from './hangup-requests.ts';
import { httpBytes } from './http-bytes.ts';
import type { Traffic } from './load.ts';

/** The bytes of every request of a run. */
export function requestsOf(traffic: Traffic): Buffer[] {
  switch (traffic.kind) {
    case 'hangups':
      return hangupRequests(traffic);
    case 'events':
      return eventRequests(traffic);
    case 'polls':
      return [pollRequest(traffic)];
  }
}

function pollRequest({ campaign, key, etag }: Traffic & { kind: 'polls' }): Buffer {
  const conditional = etag === null ? {} : { 'If-None-Match': etag };
  return httpBytes('GET', `/v1/campaigns/${campaign}/report`, { Authorization: `Bearer ${key}`, ...conditional }, '');
}
