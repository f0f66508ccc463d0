import { randomInt, randomUUID } from 'node:crypto';
import type { EventInput } from '@ringside/protocol';
import { httpBytes } from './http-bytes.ts';
import type { Traffic } from './load.ts';

/** How far apart calls of one campaign end: 50,000 s for a million. */
const APART_MS = 50;

const statuses = ['completed', 'no-answer', 'completed', 'busy', 'completed', 'rejected'] as const;

type Events = Traffic & { kind: 'events' };

/** Batches of ended calls, each of another call. */
export function eventRequests(traffic: Events): Buffer[] {
  const headers = { Authorization: `Bearer ${traffic.key}`, 'Content-Type': 'application/json' };
  const batches = traffic.byTurn ? byTurn(traffic, traffic.byTurn.perSecond) : byCampaign(traffic);
  return batches.map((events) => httpBytes('POST', '/v1/events', headers, JSON.stringify({ events })));
}

/** A batch is of one campaign, as dialers send them. */
function byCampaign({ campaigns, count, batch }: Events): EventInput[][] {
  const rounds = Math.ceil(count / campaigns.length);
  const start = Date.now() - rounds * APART_MS;
  return Array.from({ length: Math.ceil(count / batch) }, (_, index) => {
    const campaignId = campaigns[index % campaigns.length] ?? '';
    const from = Math.floor(index / campaigns.length) * batch;
    const size = Math.min(batch, count - index * batch);
    return Array.from({ length: size }, (_, i) => endedCall(campaignId, from + i, start + (from + i) * APART_MS));
  });
}

/** A batch is of many campaigns, as what comes from all of them at once is gathered. */
function byTurn({ campaigns, count, batch }: Events, perSecond: number): EventInput[][] {
  const start = Date.now() - (count / perSecond) * 1_000;
  return Array.from({ length: Math.ceil(count / batch) }, (_, index) => {
    const size = Math.min(batch, count - index * batch);
    return Array.from({ length: size }, (_, i) => {
      const n = index * batch + i;
      const round = Math.floor(n / campaigns.length);
      return endedCall(campaigns[n % campaigns.length] ?? '', round, start + (n / perSecond) * 1_000);
    });
  });
}

function endedCall(campaignId: string, index: number, at: number): EventInput {
  const status = statuses[index % statuses.length] ?? 'busy';
  const answered = status === 'completed';
  return {
    type: 'ended',
    campaignId,
    callId: randomUUID(),
    at: new Date(at).toISOString(),
    to: `+919${randomInt(1e8, 1e9)}`,
    status,
    duration: answered ? randomInt(5, 180) : 0,
    hangupCode: answered ? 4000 : 3000,
    ...(answered ? { cost: '0.01000', currency: 'USD' } : {}),
  };
}
