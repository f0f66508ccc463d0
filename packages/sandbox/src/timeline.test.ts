import { describe, expect, it } from 'vitest';
import type { CallPlan } from './plan.ts';
import { dialingOf } from './run-campaign.ts';
import { scenarios } from './scenarios.ts';
import { type Dialing, type Moment, timeline } from './timeline.ts';

const steady = { campaignId: 'c-1', scenario: scenarios.steady, seed: 'seed' };

/** Calls that ring, are never answered, and take 10 s. */
function unanswered(contact: number, attempt: number): CallPlan {
  const callUuid = `${contact}.${attempt}`;
  const never = { answerMs: null, answeredBy: null, machine: null, lead: null };
  return {
    callUuid,
    contact,
    attempt,
    number: '',
    caller: '',
    sessionMs: 0,
    ringMs: 1_000,
    endMs: 10_000,
    code: 3000,
    ...never,
  };
}

function play(dialing: Partial<Dialing>): Moment[] {
  return [
    ...timeline({
      contacts: 1,
      concurrency: 1,
      callsPerSecond: 1,
      maxAttempts: 1,
      retryDelaySeconds: 60,
      planOf: unanswered,
      ...dialing,
    }),
  ];
}

function dials(moments: readonly Moment[]): string[] {
  return moments.filter(({ kind }) => kind === 'dial').map(({ at, plan }) => `${at / 1_000} s: ${plan.callUuid}`);
}

describe('the timeline of a campaign', () => {
  it('starts a call as soon as concurrency allows', () => {
    expect(dials(play({ contacts: 5, concurrency: 2, callsPerSecond: 100 }))).toEqual([
      '0 s: 0.1',
      '0.01 s: 1.1',
      '10 s: 2.1',
      '10.01 s: 3.1',
      '20 s: 4.1',
    ]);
  });

  it('keeps to the calls per second', () => {
    const starts = dials(play({ contacts: 4, concurrency: 100, callsPerSecond: 2 }));
    expect(starts).toEqual(['0 s: 0.1', '0.5 s: 1.1', '1 s: 2.1', '1.5 s: 3.1']);
  });

  it('tries again after the delay, before fresh contacts, and only so often', () => {
    const starts = dials(play({ contacts: 4, maxAttempts: 2, retryDelaySeconds: 15 }));
    expect(starts).toEqual([
      '0 s: 0.1',
      '10 s: 1.1',
      '20 s: 2.1',
      '30 s: 0.2',
      '40 s: 1.2',
      '50 s: 2.2',
      '60 s: 3.1',
      '85 s: 3.2',
    ]);
  });

  it('gives moments in the order of time, each call’s own after its placing', () => {
    const moments = [...timeline(dialingOf(steady))];
    const times = moments.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const placed = new Set<CallPlan>();
    for (const { kind, plan } of moments) {
      if (kind === 'dial') placed.add(plan);
      expect(placed.has(plan)).toBe(true);
    }
  });

  it('never has more calls in progress than allowed, but as many', () => {
    let active = 0;
    let peak = 0;
    for (const { kind } of timeline(dialingOf(steady))) {
      active += kind === 'dial' ? 1 : kind === 'hangup' ? -1 : 0;
      peak = Math.max(peak, active);
    }
    expect(active).toBe(0);
    expect(peak).toBe(scenarios.steady.concurrency);
  });

  it('is the same each time', () => {
    expect([...timeline(dialingOf(steady))]).toEqual([...timeline(dialingOf(steady))]);
  });
});
