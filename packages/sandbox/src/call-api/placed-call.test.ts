import { describe, expect, it } from 'vitest';
import type { CallPlan } from '../plan.ts';
import { type AcceptedCall, cutShort, placedCall } from './placed-call.ts';

const START = Date.parse('2024-10-22T11:10:48.400Z');
const accepted = {
  authId: 'MA1',
  requestUuid: 'r',
  requestedAt: START - 500,
  request: { campaignId: 'c', attemptId: 'a' },
};
const plan = {
  ...{ callUuid: 'u', contact: 3, attempt: 2, number: '+919000000001', caller: '+918035735601', sessionMs: 100 },
  ...{ ringMs: 1_000, answerMs: 5_000, endMs: 65_000, code: 4010, answeredBy: 'machine' },
  machine: { atMs: 8_000, action: 'continue' },
  lead: { status: 'hot', score: 90, reason: '', summary: '', atMs: 40_000 },
} as CallPlan;
const placed = () => placedCall(accepted as AcceptedCall, plan, (afterMs) => START + afterMs);

function cutAt(afterMs: number) {
  const call = placed();
  cutShort(call, { at: START + afterMs, code: afterMs < 5_000 ? 1000 : 4000, source: 'API Request' });
  return call;
}

describe('a placed call', () => {
  it('is what its plan says, with the names that the dialer knows it by', () => {
    expect(placed()).toMatchObject({
      ...{ callUuid: 'u', requestUuid: 'r', campaignId: 'c', attemptId: 'a', requestedAt: START - 500, contact: 3 },
      ...{ answeredAt: START + 5_000, machineAt: START + 8_000, leadAt: START + 40_000, endedAt: START + 65_000 },
      ...{ duration: 60, billDuration: 60, totalCost: '0.00500', outcome: 'machine', lead: 'hot', ended: false },
    });
  });

  it('that is cut short while it rings was never answered', () => {
    expect(cutAt(3_000)).toMatchObject({
      ...{ answeredAt: null, answeredBy: null, endedAt: START + 3_000, outcome: 'canceled', lead: null },
      ...{ duration: 0, billDuration: 0, totalCost: '0.00000', code: 1000, source: 'API Request' },
    });
  });

  it('that is cut short keeps what was known by then', () => {
    expect(cutAt(7_000)).toMatchObject({ answeredBy: 'human', outcome: 'completed', duration: 2, lead: null });
    expect(cutAt(30_000)).toMatchObject({ answeredBy: 'machine', outcome: 'machine', duration: 25, lead: null });
    expect(cutAt(50_000)).toMatchObject({ answeredBy: 'machine', lead: 'hot', duration: 45 });
  });
});
