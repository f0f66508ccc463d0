import { describe, expect, it } from 'vitest';
import { planCall } from './plan.ts';
import { asDelivered, asReconciled, type CallRecord, callRecord, summarise } from './record.ts';
import { scenarios } from './scenarios.ts';

const plan = planCall({ seed: 'seed', campaignId: 'c-1', scenario: scenarios.steady }, 0, 1);

let placed = 0;

function call(given: Partial<CallRecord>): CallRecord {
  const none = {
    dial: 'none',
    ring: 'none',
    answer: 'none',
    machine: 'none',
    hangup: 'delivered',
    lead: 'none',
  } as const;
  return {
    ...callRecord(plan, (ms) => ms, '0.005'),
    callUuid: `call-${++placed}`,
    lead: null,
    ended: true,
    fates: { ...none },
    ...given,
  };
}

const talked = { answeredAt: 10_000, answeredBy: 'human', code: 4000, outcome: 'completed', duration: 66 } as const;
const voicemail = { ...talked, answeredBy: 'machine', outcome: 'machine', duration: 20 } as const;
const busy = {
  answeredAt: null,
  answeredBy: null,
  code: 3010,
  outcome: 'busy',
  duration: 0,
  totalCost: '0.00000',
} as const;

describe('totals', () => {
  it('count calls, contacts, outcomes, codes, talk and money', () => {
    const calls = [
      call({ ...busy, contact: 1 }),
      call({ ...talked, contact: 1, totalCost: '0.01000', lead: 'hot' }),
      call({ ...voicemail, contact: 2, totalCost: '0.00500' }),
      call({ ...talked, contact: 3, ended: false, lead: 'warm' }),
      call({ ...talked, contact: 1, totalCost: '0.01000' }),
    ];
    expect(summarise(calls)).toEqual({
      attempts: 5,
      contactsTried: 3,
      reached: 1,
      ended: 4,
      answered: 3,
      machines: 1,
      talkSeconds: 132,
      cost: '0.02500',
      outcomes: { busy: 1, completed: 2, machine: 1 },
      codes: { 3010: 1, 4000: 3 },
      leads: { hot: 1, warm: 1, cold: 0 },
    });
  });
});

describe('what the server could learn', () => {
  const fates = { dial: 'none', ring: 'none', answer: 'none', machine: 'none', hangup: 'none', lead: 'none' } as const;

  it('does not hold a call of which nothing arrived', () => {
    expect(asDelivered([call({ fates: { ...fates, ring: 'dropped', hangup: 'undelivered' } })])).toEqual([]);
  });

  it('does not hold an end or a verdict that did not arrive', () => {
    const [seen] = asDelivered([
      call({ ...talked, lead: 'hot', fates: { ...fates, ring: 'delivered', hangup: 'dropped', lead: 'undelivered' } }),
    ]);
    expect(seen).toMatchObject({ ended: false, lead: null });
  });

  it('holds an end that it read from a call-detail record, but not that of a call it never heard of', () => {
    const seen = asReconciled([
      call({ ...talked, fates: { ...fates, ring: 'delivered', hangup: 'dropped' } }),
      call({ ...talked, ended: false, fates: { ...fates, answer: 'delivered' } }),
      call({ ...talked, lead: 'hot', fates: { ...fates, hangup: 'dropped', lead: 'delivered' } }),
    ]);
    expect(seen.map(({ ended }) => ended)).toEqual([true, false]);
  });

  it('takes a machine for a person when nothing says otherwise', () => {
    const lost = { ...fates, hangup: 'delivered', machine: 'dropped' } as const;
    const known = { ...lost, machine: 'delivered' } as const;
    const outcomes = (calls: CallRecord[]) => asDelivered(calls).map(({ outcome }) => outcome);
    expect(outcomes([call({ ...voicemail, code: 4010, fates: lost })])).toEqual(['completed']);
    expect(outcomes([call({ ...voicemail, code: 4010, fates: known })])).toEqual(['machine']);
    expect(outcomes([call({ ...voicemail, code: 9100, fates: lost })])).toEqual(['machine']);
  });
});
