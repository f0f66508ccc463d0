import { describe, expect, it } from 'vitest';
import type { Course } from '../course.ts';
import { type Scenario, scenarios } from '../scenarios.ts';
import { courseOfRequest } from './call-plan.ts';
import type { CallRequest } from './call-request.ts';

const request: CallRequest = {
  ...{ from: '+918035735601', to: '+919000000001', routes: {}, campaignId: 'c', attemptId: 'a' },
  ...{ machineDetection: 'continue', ringTimeoutSeconds: 120, timeLimitSeconds: 14_400 },
};

/** The courses of many numbers, each called once. */
function courses(scenario: Scenario, changes: Partial<CallRequest> = {}): Course[] {
  return Array.from({ length: 600 }, (_, index) =>
    courseOfRequest({ seed: 's', scenario }, { ...request, to: `+9190000${10_000 + index}`, ...changes }, 1),
  );
}

const share = (all: readonly Course[], holds: (course: Course) => boolean) => all.filter(holds).length / all.length;

describe('the course of a call that is asked for', () => {
  it('depends on the seed, the number and its turn, and on nothing that came before', () => {
    const of = (seed: string, to: string, attempt: number) =>
      courseOfRequest({ seed, scenario: scenarios.steady }, { ...request, to }, attempt);
    const once = of('s', '+919000000001', 1);
    of('s', '+919000000002', 1);
    expect(of('s', '+919000000001', 1)).toEqual(once);
    expect(of('s', '+919000000001', 2)).not.toEqual(once);
    expect(of('t', '+919000000001', 1)).not.toEqual(once);
    expect(of('s', '+919000000002', 1)).not.toEqual(once);
  });

  it('answers as often as the scenario says, and keeps a part of the numbers for its trouble', () => {
    expect(share(courses(scenarios.steady), ({ answerMs }) => answerMs !== null)).toBeCloseTo(0.42, 1);
    const { codes } = scenarios['carrier-trouble'].trouble;
    expect(share(courses(scenarios['carrier-trouble']), ({ code }) => code in codes)).toBeCloseTo(0.35 * 0.55, 1);
  });

  it('rings no longer than it may: whoever would answer later does not', () => {
    const all = courses(scenarios.steady, { ringTimeoutSeconds: 8 });
    for (const { ringMs, answerMs, endMs, code, lead } of all) {
      if (ringMs === null) continue;
      if (answerMs === null) expect(endMs - ringMs).toBeLessThanOrEqual(8_000);
      else expect(answerMs - ringMs).toBeLessThanOrEqual(8_000);
      if (code === 6010) expect({ lead, rang: endMs - ringMs }).toEqual({ lead: null, rang: 8_000 });
    }
    expect(share(all, ({ code }) => code === 6010)).toBeGreaterThan(0.5);
  });

  it('lets who never answers ring until the provider gives up', () => {
    const patient = courses(scenarios.steady).filter(({ code }) => code === 6010);
    expect(patient.length).toBeGreaterThan(0);
    for (const { ringMs, endMs } of patient) expect(endMs - (ringMs ?? 0)).toBe(120_000);
  });

  it('lasts no longer than it may, machines too', () => {
    const all = courses(scenarios['voicemail-heavy'], { timeLimitSeconds: 10 });
    for (const { answerMs, endMs, machine } of all) {
      if (answerMs === null) continue;
      expect(endMs - answerMs).toBeLessThanOrEqual(10_000.001);
      if (machine) expect(machine.atMs).toBeLessThanOrEqual(endMs);
    }
    expect(share(all, ({ code, answeredBy }) => code === 6000 && answeredBy === 'machine')).toBeGreaterThan(0.1);
  });

  it('looks for machines as it was asked to', () => {
    const ofMachines = (machineDetection: CallRequest['machineDetection']) =>
      courses({ ...scenarios.steady, machine: { share: 1, hungUp: 0.5 } }, { machineDetection }).filter(
        ({ answerMs }) => answerMs !== null,
      );
    for (const { code, machine } of ofMachines('hangup')) expect([code, machine?.action]).toEqual([9100, 'hangup']);
    for (const { code, machine } of ofMachines('continue')) expect([code, machine?.action]).toEqual([4010, 'continue']);
    for (const { answeredBy, machine } of ofMachines(null)) expect([answeredBy, machine]).toEqual(['human', null]);
  });
});
