import { describe, expect, it } from 'vitest';
import type { Delivery } from '../event.ts';
import { again, hold, list, standing, started, windows } from '../testing/dialed.ts';
import { change, live, minute, missed, registered, talked } from '../testing/said.ts';

describe('a campaign that Ringside dials', () => {
  it.each([
    ['draft', 'before it was started', 1, [list(2)]],
    ['scheduled', 'while its start lies ahead', 1, [list(2, { startedAt: minute(9) })]],
    ['running', 'once its start has passed', 10, [list(2, { startedAt: minute(9) })]],
    ['running', 'after its start', 1, [list(2), started]],
    [
      'waiting',
      'when only a retry is left that is not due',
      3,
      [list(1), started, ...again('1', minute(1), minute(31))],
    ],
    ['running', 'when that retry is due', 31, [list(1), started, ...again('1', minute(1), minute(31))]],
    [
      'running',
      'when it is due for longer than retries of others last',
      30 * 60,
      [list(1), started, ...again('1', minute(1), minute(31)), hold(minute(30 * 60), null)],
    ],
    ['finishing', 'when nothing is left, until its dialer says so', 3, [list(1), started, missed('1', minute(1))]],
    [
      'completed',
      'when its dialer says so',
      3,
      [list(1), started, missed('1', minute(1)), change(minute(2), 'completed')],
    ],
    [
      'completed',
      'though an attempt proves to have been placed later',
      5,
      [list(2), started, change(minute(2), 'completed'), missed('1', minute(3))],
    ],
    [
      'finishing',
      'while the last calls of a cancelled one end',
      3,
      [list(2), started, live('1', minute(1)), change(minute(2), 'cancelled')],
    ],
    ['waiting', 'outside the calling hours', 1, [list(2, { windows: windows('09:00', '14:00') }), started]],
    [
      'waiting',
      'outside the calling hours, whatever is live',
      2,
      [list(2, { windows: windows('09:00', '14:00') }), started, live('1', minute(1))],
    ],
    ['waiting', 'while its dialer is held up', 2, [list(2), started, hold(minute(1), 'out-of-credits')]],
    [
      'running',
      'when it is no longer',
      3,
      [list(2), started, hold(minute(1), 'out-of-credits'), hold(minute(2), null)],
    ],
    ['running', 'while some attempt wants a person', 2, [list(2), started, hold(minute(1), 'needs-person')]],
    [
      'running',
      'when as many calls are live as may be',
      2,
      [list(3, { pace: { concurrency: 1 } }), started, live('1', minute(1))],
    ],
    ['waiting', 'without a caller id', 1, [registered(minute(0), { dialer: 'built-in', totalCalls: 2 }), started]],
    ['waiting', 'after its deadline', 2, [list(2, { deadline: minute(1) }), started]],
    [
      'stalled',
      'when nothing is heard though contacts are left',
      30,
      [list(9), started, missed('1', minute(1)), missed('2', minute(2))],
    ],
  ] as const)('is %s %s', (phase, _when, now, deliveries) => {
    expect(standing(now, ...(deliveries as readonly Delivery[])).phase).toBe(phase);
  });

  it('says under which word its last calls finish', () => {
    const draining = [list(2), started, live('1', minute(1))];
    expect(standing(3, ...draining, change(minute(2), 'cancelled')).endsAs).toBe('cancelled');
    expect(standing(3, ...draining, missed('2', minute(2))).endsAs).toBeNull();
  });

  it('is not stalled when a retry falls due or the hours begin after a long silence', () => {
    const due = [list(1), started, ...again('1', minute(1), minute(241))];
    expect([242, 246].map((now) => standing(now, ...due).phase)).toEqual(['running', 'stalled']);
    const morning = [
      list(9, { windows: windows('09:00', '15:00') }),
      started,
      missed('1', minute(1)),
      missed('2', minute(2)),
    ];
    expect(standing(60 + 18 * 60, ...morning).phase).toBe('running');
  });

  it('counts retries that were announced, whatever the policy says, and contacts that are not to be called', () => {
    const excluded = list(9, { listExcluded: { 'do-not-call': 2, withdrawn: 1 } });
    const { ledger } = standing(
      5,
      excluded,
      started,
      missed('1', minute(1)),
      ...again('2', minute(1), minute(31)),
    ).progress;
    expect(ledger).toEqual({ notStarted: 4, waitingRetry: 1, inFlight: 0, reached: 0, unreached: 1, excluded: 3 });
    const over = standing(5, excluded, started, missed('1', minute(1)), change(minute(2), 'cancelled'));
    expect(over.progress.ledger).toMatchObject({ notStarted: 0, excluded: 8 });
    const fewer = standing(5, list(2, { listExcluded: { withdrawn: 2 } }), started, talked('1', minute(1), 30));
    expect(fewer.progress.ledger).toMatchObject({ notStarted: 0, reached: 1, excluded: 1 });
  });
});
