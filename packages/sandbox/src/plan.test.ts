import { describe, expect, it } from 'vitest';
import { hangupCauses } from './hangup-causes.ts';
import { type CallPlan, contactNumber, isRetried, outcomeOf, planCall } from './plan.ts';
import { type Scenario, scenarioNames, scenarios } from './scenarios.ts';

function keyOf(scenario: Scenario, seed = 'seed', campaignId = 'c-1') {
  return { seed, campaignId, scenario };
}

function firstAttempts(scenario: Scenario, seed = 'seed'): CallPlan[] {
  return Array.from({ length: scenario.contacts }, (_, contact) => planCall(keyOf(scenario, seed), contact, 1));
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length / items.length;
}

const isAnswered = (plan: CallPlan) => plan.answerMs !== null;
const steady: Scenario = { ...scenarios.steady, contacts: 4_000, badNumbers: { share: 0, codes: { 2000: 1 } } };

describe('the plan of a call', () => {
  it('depends on nothing but seed, contact and attempt', () => {
    const forward = [0, 1, 2, 3].map((contact) => planCall(keyOf(steady), contact, 1));
    const backward = [3, 2, 1, 0].map((contact) => planCall(keyOf(steady), contact, 1)).reverse();
    expect(backward).toEqual(forward);
    expect(planCall(keyOf(steady, 'other'), 0, 1)).not.toEqual(forward[0]);
    expect(planCall(keyOf(steady), 0, 2)).not.toEqual(forward[0]);
  });

  it('is the same in another campaign, under another id', () => {
    const { callUuid, ...here } = planCall(keyOf(steady), 7, 1);
    const { callUuid: otherUuid, ...there } = planCall(keyOf(steady, 'seed', 'c-2'), 7, 1);
    expect(there).toEqual(here);
    expect(otherUuid).not.toBe(callUuid);
  });

  it('gives every contact its own number and keeps it', () => {
    const numbers = firstAttempts(steady).map((plan) => plan.number);
    expect(new Set(numbers).size).toBe(4_000);
    for (const number of numbers) expect(number).toMatch(/^\+919\d{9}$/);
    expect(planCall(keyOf(steady), 9, 3).number).toBe(contactNumber(keyOf(steady), 9));
  });

  it.each(scenarioNames)('%s: things happen in an order that calls allow', (name) => {
    for (const plan of firstAttempts(scenarios[name])) {
      const { sessionMs, ringMs, answerMs, endMs, machine, lead } = plan;
      const moments = [0, sessionMs, ringMs, answerMs, machine?.atMs ?? null, endMs].filter((ms) => ms !== null);
      expect(moments).toEqual([...moments].sort((a, b) => a - b));
      expect(sessionMs).toBeLessThanOrEqual(2_000);
      expect(answerMs === null).toBe(plan.answeredBy === null);
      expect(hangupCauses[plan.code].status === 'completed').toBe(answerMs !== null);
      expect(machine === null).toBe(plan.answeredBy !== 'machine');
      if (lead) expect(outcomeOf(plan)).toBe('completed');
    }
  });

  it('answers as often as the scenario says, with its drift, its retries and its caller ids', () => {
    const plain: Scenario = { ...steady, answerRate: { first: 0.5, last: 0.5 }, retryFactor: 0.5 };
    expect(share(firstAttempts(plain), isAnswered)).toBeCloseTo(0.5, 1);
    const second = Array.from({ length: 4_000 }, (_, contact) => planCall(keyOf(plain), contact, 2));
    expect(share(second, isAnswered)).toBeCloseTo(0.25, 1);

    const drifting = firstAttempts({ ...plain, answerRate: { first: 0.8, last: 0.2 } });
    expect(share(drifting.slice(0, 800), isAnswered)).toBeGreaterThan(0.68);
    expect(share(drifting.slice(-800), isAnswered)).toBeLessThan(0.32);

    const callers = [
      { number: '+911', answerFactor: 1 },
      { number: '+912', answerFactor: 0.2 },
    ];
    const calls = firstAttempts({ ...plain, callers });
    const from = (number: string) => calls.filter((plan) => plan.caller === number);
    expect(share(from('+911'), isAnswered)).toBeGreaterThan(0.45);
    expect(share(from('+912'), isAnswered)).toBeLessThan(0.15);
  });

  it('gives machines and short calls their share', () => {
    const answered = firstAttempts({
      ...steady,
      answerRate: { first: 1, last: 1 },
      machine: { share: 0.3, hungUp: 0.5 },
      shortCalls: 0.2,
    });
    const machines = answered.filter((plan) => plan.answeredBy === 'machine');
    expect(machines.length / answered.length).toBeCloseTo(0.3, 1);
    expect(share(machines, (plan) => plan.code === 9100)).toBeCloseTo(0.5, 1);
    expect(new Set(machines.map(outcomeOf))).toEqual(new Set(['machine']));
    const humans = answered.filter((plan) => plan.answeredBy === 'human');
    const isShort = (plan: CallPlan) => plan.endMs - (plan.answerMs ?? 0) < 6_000;
    expect(share(humans, isShort)).toBeCloseTo(0.2, 1);
    for (const plan of humans.filter(isShort)) expect(hangupCauses[plan.code].source).toBe('Callee');
  });

  it('ends a call at the longest that is allowed, with the code that says so', () => {
    const endless: Scenario = {
      ...steady,
      talk: { medianSeconds: 5_000, sigma: 0.1 },
      shortCalls: 0,
      maxCallSeconds: 90,
    };
    const humans = firstAttempts(endless).filter((plan) => plan.answeredBy === 'human');
    expect(new Set(humans.map((plan) => plan.code))).toEqual(new Set([6000]));
    for (const plan of humans) expect(plan.endMs - (plan.answerMs ?? 0)).toBeCloseTo(90_000, 3);
  });

  it('keeps a bad number bad at every attempt', () => {
    const rotten: Scenario = { ...steady, badNumbers: { share: 1, codes: { 2000: 1, 2010: 1 } } };
    const codes = (attempt: number) =>
      Array.from({ length: 50 }, (_, contact) => planCall(keyOf(rotten), contact, attempt).code);
    expect(new Set(codes(1))).toEqual(new Set([2000, 2010]));
    expect(codes(3)).toEqual(codes(1));
  });

  it('has trouble where the scenario puts it, and nowhere else', () => {
    const troubled: Scenario = {
      ...steady,
      unanswered: { 3000: 1 },
      trouble: { from: 0.25, to: 0.5, share: 1, codes: { 3080: 1 } },
    };
    const failed = firstAttempts(troubled).flatMap((plan) => (plan.code === 3080 ? [plan.contact] : []));
    expect(failed).toEqual(Array.from({ length: 1_000 }, (_, index) => 1_000 + index));
  });

  it('leaves some completed calls unjudged', () => {
    const judged = { ...scenarios.steady.lead, judged: 0.6 };
    const completed = firstAttempts({ ...steady, lead: judged }).filter((plan) => outcomeOf(plan) === 'completed');
    expect(share(completed, ({ lead }) => lead !== null)).toBeCloseTo(0.6, 1);
  });

  it('says a verdict shortly after the hangup, or sometimes before it', () => {
    const judged = firstAttempts(steady).flatMap((plan) => (plan.lead ? [{ ...plan, lead: plan.lead }] : []));
    const early = judged.filter((plan) => plan.lead.atMs < plan.endMs);
    expect(early.length / judged.length).toBeCloseTo(scenarios.steady.lead.beforeHangup, 1);
    for (const { lead, answerMs, endMs } of judged) {
      expect(lead.atMs).toBeGreaterThan(answerMs ?? 0);
      expect(lead.atMs).toBeLessThan(endMs + 6_001);
    }
    expect(new Set(judged.map((plan) => plan.lead.status))).toEqual(new Set(['hot', 'warm', 'cold']));
  });
});

describe('another attempt', () => {
  const attempt = { code: 3000, attempt: 1, answeredBy: null } as CallPlan;

  it('is made until a person was reached, as often as allowed', () => {
    expect(isRetried(attempt, 3)).toBe(true);
    expect(isRetried({ ...attempt, attempt: 3 }, 3)).toBe(false);
    expect(isRetried({ ...attempt, code: 4000, answeredBy: 'human' }, 3)).toBe(false);
    expect(isRetried({ ...attempt, code: 4010, answeredBy: 'machine' }, 3)).toBe(true);
  });
});
