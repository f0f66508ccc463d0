import type { CallEventInput } from '@ringside/protocol';
import { eventReceipt, openEngine } from './engine.ts';

const BATCH = 1_000;
const STARTED = Date.UTC(2025, 7, 7, 6);
const endings = [
  { status: 'completed', hangupCode: 4000, hangupCause: 'NORMAL_CLEARING', hangupSource: 'Callee' },
  { status: 'busy', hangupCode: 3010, hangupCause: 'USER_BUSY', hangupSource: 'Carrier' },
  { status: 'no-answer', hangupCode: 3000, hangupCause: 'NO_ANSWER', hangupSource: 'Carrier' },
  { status: 'completed', hangupCode: 4010, hangupCause: 'NORMAL_CLEARING', hangupSource: 'Plivo' },
] as const;

export const nthCall = (n: number): string => `call-${String(n).padStart(9, '0')}`;

/** The end of one call of a large campaign, different for each number. */
export function nthEnd(campaignId: string, n: number): CallEventInput {
  const { status, ...how } = endings[n % endings.length] ?? endings[0];
  return {
    type: 'ended',
    campaignId,
    callId: nthCall(n),
    at: new Date(STARTED + n * 37).toISOString(),
    to: `+9198${String(n).padStart(8, '0')}`,
    from: '+918035735659',
    attributes: { city: ['Pune', 'Delhi', 'Mumbai'][n % 3] ?? '', plan: `"gold", ${n % 7}`, agent: n % 50 },
    status,
    ...(status === 'completed' ? { duration: n % 400, billDuration: Math.ceil((n % 400) / 60) * 60 } : {}),
    ...how,
    cost: '0.01842',
    currency: 'USD',
  };
}

/** Stores a campaign of so many calls, as fast as the store takes them. */
export function storeCalls(dataDir: string, workspace: string, campaignId: string, calls: number): void {
  const engine = openEngine(dataDir);
  for (let from = 0; from < calls; from += BATCH) {
    const size = Math.min(BATCH, calls - from);
    engine.apply(Array.from({ length: size }, (_, i) => eventReceipt(nthEnd(campaignId, from + i), workspace)));
  }
  engine.close();
}
