import { describe, expect, it } from 'vitest';
import type { Delivery } from './event.ts';
import { MemoryCampaign } from './memory-campaign.ts';
import { standingOf, statusOf } from './phase.ts';
import { change, live, minute, missed, registered, talked } from './testing/said.ts';

function standing(now: number, ...deliveries: Delivery[]) {
  const campaign = new MemoryCampaign();
  campaign.apply(deliveries);
  return standingOf(campaign.state, campaign.rollup, now);
}

const list = (totalCalls: number, maxAttempts = 1) =>
  registered(minute(0), { totalCalls, retry: { maxAttempts, delaySeconds: 1800 } });

describe('the phase', () => {
  it.each([
    ['queued', 'before anything happened', 1, [list(2)]],
    ['scheduled', 'while its start lies ahead', 1, [registered(minute(0), { totalCalls: 2, startedAt: minute(9) })]],
    ['running', 'once its start has passed', 10, [registered(minute(0), { totalCalls: 2, startedAt: minute(9) })]],
    ['running', 'after a started event', 2, [list(2), change(minute(1), 'started')]],
    ['running', 'after a call event', 2, [list(2), live('1', minute(1))]],
    ['running', 'while contacts are left', 3, [list(2), talked('1', minute(1), 30)]],
    ['waiting', 'when only a retry is left that is not due', 3, [list(1, 2), missed('1', minute(1))]],
    [
      'running',
      'while a call is live beside such a retry',
      3,
      [list(2, 2), missed('1', minute(1)), live('2', minute(2))],
    ],
    [
      'finishing',
      'when nothing is left but live calls',
      3,
      [list(2), talked('1', minute(1), 30), live('2', minute(2))],
    ],
    ['completed', 'when every contact is settled', 3, [list(2), talked('1', minute(1), 30), missed('2', minute(1))]],
    ['completed', 'when the retry was never started for a day', 25 * 60, [list(1, 2), missed('1', minute(1))]],
    ['pausing', 'after a pause while calls are live', 3, [list(3), live('1', minute(1)), change(minute(2), 'paused')]],
    ['paused', 'after a pause when nothing is live', 3, [list(3), missed('1', minute(1)), change(minute(2), 'paused')]],
    [
      'running',
      'after a resume',
      4,
      [list(3), missed('1', minute(1)), change(minute(2), 'paused'), change(minute(3), 'resumed')],
    ],
    [
      'paused',
      'when pause and resume carry the same time',
      4,
      [list(3), missed('1', minute(1)), change(minute(2), 'resumed'), change(minute(2), 'paused')],
    ],
    [
      'finishing',
      'when it was called complete with live calls',
      3,
      [list(3), live('1', minute(1)), change(minute(2), 'completed')],
    ],
    [
      'completed',
      'when it was called complete and nothing is live',
      3,
      [list(3), missed('1', minute(1)), change(minute(2), 'completed')],
    ],
    ['cancelled', 'after a cancel', 3, [list(3), missed('1', minute(1)), change(minute(2), 'cancelled')]],
    ['failed', 'after a fault', 3, [list(3), missed('1', minute(1)), change(minute(2), 'failed', 'no credits')]],
    [
      'running',
      'again when it is dialed after its completion',
      5,
      [list(3), missed('1', minute(1)), change(minute(2), 'completed'), live('2', minute(4))],
    ],
    [
      'stalled',
      'when nothing was heard for long though contacts are left',
      30,
      [list(9), missed('1', minute(1)), missed('2', minute(2))],
    ],
    [
      'running',
      'when calls are long and rare, and so is news',
      30,
      [list(9), talked('1', minute(1), 600), talked('2', minute(15), 600)],
    ],
    ['running', 'with an unknown total', 2, [live('1', minute(1))]],
  ] as const)('is %s %s', (phase, _when, now, deliveries) => {
    expect(standing(minute(now), ...deliveries).phase).toBe(phase);
  });

  it('has one of the five status words', () => {
    expect(new Set(Object.values(statusOf))).toEqual(new Set(['queued', 'running', 'paused', 'completed', 'failed']));
  });
});

describe('blockers', () => {
  it('say until when a retry is not due', () => {
    const { blockers } = standing(minute(3), list(1, 2), missed('1', minute(1)));
    expect(blockers).toEqual([{ code: 'retry-not-due', message: expect.any(String), until: '2025-08-07T14:31:00Z' }]);
  });

  it('say who paused, and why', () => {
    const paused = standing(minute(3), list(3), change(minute(2), 'paused', 'low answer rate', 'Asha'));
    expect(paused.blockers).toEqual([{ code: 'paused', message: 'Paused by Asha: low answer rate.', until: null }]);
  });

  it('give the reason of a fault', () => {
    const failed = standing(minute(3), list(3), change(minute(2), 'failed', 'no credits'));
    expect(failed.blockers).toEqual([{ code: 'failed', message: 'no credits', until: null }]);
  });
});

describe('closing the list', () => {
  it('excludes who was never called and settles who waited, and a later attempt takes that back', () => {
    const deliveries = [list(5, 3), missed('1', minute(1)), talked('2', minute(1), 60), change(minute(5), 'cancelled')];
    expect(standing(minute(6), ...deliveries).progress.ledger).toEqual({
      notStarted: 0,
      waitingRetry: 0,
      inFlight: 0,
      reached: 1,
      unreached: 1,
      excluded: 3,
    });
    const reopened = standing(minute(8), ...deliveries, live('3', minute(7)));
    expect(reopened.progress.ledger).toEqual({
      notStarted: 2,
      waitingRetry: 1,
      inFlight: 1,
      reached: 1,
      unreached: 0,
      excluded: 0,
    });
    expect(reopened.reopened?.change).toBe('cancelled');
  });
});
