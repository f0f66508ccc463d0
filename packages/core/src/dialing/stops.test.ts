import { describe, expect, it } from 'vitest';
import type { Delivery } from '../event.ts';
import { whyNotDialing } from '../phase.ts';
import { again, hold, list, standing, started, windows } from '../testing/dialed.ts';
import { change, initiated, live, minute, missed, registered, said } from '../testing/said.ts';

describe('why it is not dialing', () => {
  const shut = list(2, { windows: windows('09:00', '14:00') });
  it.each([
    ['nothing', 1, [list(2), started], null, null],
    ['a pause', 3, [list(2), started, change(minute(2), 'paused')], 'paused', null],
    ['a timed pause', 3, [list(2), started, { ...change(minute(2), 'paused'), until: minute(60) }], 'paused', 60],
    [
      'the breaker',
      3,
      [list(2), started, change(minute(2), 'paused', '18 of 20 failed', 'breaker')],
      'breaker-open',
      null,
    ],
    ['a fault', 3, [list(2), started, change(minute(2), 'failed', 'no disk')], 'failed', null],
    [
      'a pause, whatever holds',
      3,
      [list(2), started, change(minute(2), 'paused'), hold(minute(2), 'out-of-credits')],
      'paused',
      null,
    ],
    ['no credits, whatever the hour', 3, [shut, started, hold(minute(2), 'out-of-credits')], 'out-of-credits', null],
    ['the hour', 3, [shut, started, hold(minute(2), 'rate-limited')], 'outside-calling-window', 19 * 60],
    ['no caller id', 3, [registered(minute(0), { dialer: 'built-in', totalCalls: 2 }), started], 'no-caller-id', null],
    ['the account', 3, [list(2), started, hold(minute(2), 'account-limit', minute(4))], 'account-limit', 4],
    ['a hold until then no more', 5, [list(2), started, hold(minute(2), 'account-limit', minute(4))], null, null],
    [
      'a hold that is dated ahead of the clock',
      1,
      [list(2), started, hold(minute(2), 'account-limit')],
      'account-limit',
      null,
    ],
    [
      'concurrency',
      3,
      [list(3, { pace: { concurrency: 1 } }), started, live('1', minute(2))],
      'concurrency-reached',
      null,
    ],
    ['a retry', 3, [list(1), started, ...again('1', minute(1), minute(31))], 'retry-not-due', 31],
    [
      'a retry, whatever is live',
      3,
      [list(2), started, ...again('1', minute(1), minute(31)), live('2', minute(2))],
      'retry-not-due',
      31,
    ],
    ['an end', 3, [list(1), started, missed('1', minute(1))], 'nothing-left', null],
    ['an empty list', 3, [list(0), started], 'nothing-left', null],
    [
      'the deadline, whatever the hour',
      3,
      [list(2, { deadline: minute(1), windows: windows('09:00', '14:00') }), started],
      'deadline-passed',
      null,
    ],
    ['attempts in doubt are none', 3, [list(2), started, hold(minute(2), 'needs-person')], null, null],
  ] as const)('%s', (_what, now, deliveries, code, until) => {
    const { reason, blockers } = standing(now, ...(deliveries as readonly Delivery[]));
    expect(reason?.code ?? null).toBe(code);
    expect(reason?.until ?? null).toBe(
      until === null ? null : new Date(minute(until)).toISOString().replace('.000Z', 'Z'),
    );
    if (reason) expect(blockers[0]).toEqual(reason);
  });

  it('names a timed pause by its end, and attempts in doubt after all else', () => {
    const timed = { ...change(minute(2), 'paused', 'lunch', 'Asha'), until: minute(60) };
    expect(standing(3, list(2), started, timed).reason?.message).toBe(
      'Paused by Asha until 2025-08-07T15:00:00Z: lunch.',
    );
    const both = standing(
      3,
      list(2, { pace: { concurrency: 1 } }),
      started,
      live('1', minute(2)),
      hold(minute(2), 'needs-person'),
    );
    expect(both.blockers.map(({ code }) => code)).toEqual(['needs-person', 'concurrency-reached']);
  });

  it('has a reason before the start and after the end too', () => {
    const draining = [list(2), started, live('1', minute(1))];
    const codes = [
      standing(1, list(2)),
      standing(1, list(2, { startedAt: minute(9) })),
      standing(3, ...draining, change(minute(2), 'cancelled')),
      standing(3, list(2), started, change(minute(2), 'completed')),
      standing(3, ...draining),
    ].map((campaign) => whyNotDialing(campaign)?.code ?? null);
    expect(codes).toEqual(['not-started', 'not-started', 'cancelled', 'completed', null]);
  });

  it('opens with the first zone of the list', () => {
    const zones = list(2, {
      windows: windows('09:00', '12:00', 'contact'),
      listZones: { 'Asia/Kolkata': 1, 'America/New_York': 1 },
    });
    expect(standing(1, zones, started).reason).toBeNull();
    expect(standing(130, zones, started).reason?.until).toBe('2025-08-08T03:30:00Z');
  });

  it('names a time zone that this runtime does not know', () => {
    const { reason } = standing(5, list(2, { timezone: 'Foo/Bar', windows: windows('00:00', '24:00') }), started);
    expect(reason).toMatchObject({ code: 'outside-calling-window', until: null });
    expect(reason?.message).toContain('does not know the time zone Foo/Bar');
  });

  it('is told of external campaigns where hours are declared', () => {
    const external = registered(minute(0), { totalCalls: 2, windows: windows('09:00', '14:00') });
    const { phase, reason } = standing(5, external, said({ call: '1' }, initiated(minute(1))));
    expect([phase, reason?.code]).toEqual(['waiting', 'outside-calling-window']);
  });
});
