import { randomInt, randomUUID } from 'node:crypto';
import type { EventInput } from '@ringside/protocol';
import { httpBytes } from './http-bytes.ts';
import type { Traffic } from './load.ts';

/** How far apart calls of one campaign end: 50,000 s for a million. */
const APART_MS = 50;

const statuses = ['completed', 'no-answer', 'completed', 'busy', 'completed', 'rejected'] as const;

/** Batches of ended calls, each of another call; a batch is of one campaign, as dialers send them. */
export function eventRequests({ campaigns, key, count, batch }: Traffic & { kind: 'events' }): Buffer[] {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const rounds = Math.ceil(count / campaigns.length);
  const start = Date.now() - rounds * APART_MS;
  return Array.from({ length: Math.ceil(count / batch) }, (_, index) => {
    const campaignId = campaigns[index % campaigns.length] ?? '';
    const from = Math.floor(index / campaigns.length) * batch;
    const size = Math.min(batch, count - index * batch);
    const events = Array.from({ length: size }, (_, i) => endedCall(campaignId, from + i, start));
    return httpBytes('POST', '/v1/events', headers, JSON.stringify({ events }));
  });
}

function endedCall(campaignId: string, index: number, start: number): EventInput {
  const status = statuses[index % statuses.length] ?? 'busy';
  const answered = status === 'completed';
  return {
    type: 'ended',
    campaignId,
    callId: randomUUID(),
    at: new Date(start + index * APART_MS).toISOString(),
    to: `+919${randomInt(1e8, 1e9)}`,
    status,
    duration: answered ? randomInt(5, 180) : 0,
    hangupCode: answered ? 4000 : 3000,
    ...(answered ? { cost: '0.01000', currency: 'USD' } : {}),
  };
}
