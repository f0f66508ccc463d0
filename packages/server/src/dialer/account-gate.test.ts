import { describe, expect, it } from 'vitest';
import type { Instant } from '../effects.ts';
import { AccountGate } from './account-gate.ts';
import { usualDialing } from './settings.ts';

const settings = { ...usualDialing, firstHoldMs: 1_000, longestHoldMs: 3_000, learnedLimitMs: 1_000 };
const gateOf = () => new AccountGate(settings);
const at = (ms: number): Instant => ({ now: ms, clock: ms });

describe('the gate of an account', () => {
  it('rests after a refusal, then lets one call try', () => {
    const gate = gateOf();
    gate.refused('account-refused', 'Plivo 401', { at: at(0) });
    expect(gate.mayStart(999)).toBe(false);
    expect(gate.hold(0, 500)).toEqual({ code: 'account-refused', message: 'Plivo 401', until: 1_000 });
    expect(gate.mayStart(1_000)).toBe(true);
    gate.started('a');
    expect(gate.mayStart(1_000)).toBe(false);
    gate.accepted('a');
    expect([gate.mayStart(1_001), gate.hold(0, 1_001)]).toEqual([true, null]);
  });

  it('rests twice as long each time it is refused again, up to the longest', () => {
    const gate = gateOf();
    const rests = [0, 0, 0, 0].map((_none, turn) => {
      const now = turn * 100_000;
      gate.started('a');
      gate.refused('out-of-credits', 'none', { at: at(now) });
      return (gate.hold(0, now)?.until ?? 0) - now;
    });
    expect(rests).toEqual([1_000, 2_000, 3_000, 3_000]);
  });

  it('does not count what was under way when it was refused first', () => {
    const gate = gateOf();
    for (let n = 0; n < 5; n += 1) gate.refused('account-refused', 'Plivo 401', { at: at(n) });
    expect(gate.hold(0, 5)?.until).toBe(1_000);
  });

  it('lets another call try when nobody will tell what became of the one that did', () => {
    const gate = gateOf();
    gate.refused('out-of-credits', 'none', { at: at(0), byCall: true });
    gate.started('a');
    gate.accepted('a');
    expect(gate.mayStart(1_000)).toBe(false);
    gate.forgetTrial();
    expect([gate.mayStart(999), gate.mayStart(1_000)]).toEqual([false, true]);
  });

  it('rests no longer because the clock was set back, and says until when as it stood', () => {
    const gate = gateOf();
    gate.refused('account-refused', 'Plivo 401', { at: { now: 7_200_000, clock: 50 } });
    expect(gate.hold(0, 60)?.until).toBe(7_201_000);
    expect([gate.mayStart(1_049), gate.mayStart(1_050)]).toEqual([false, true]);
  });

  it('waits as long as the provider asks', () => {
    const gate = gateOf();
    gate.refused('rate-limited', 'slow down', { at: at(0), pauseMs: 7_000 });
    expect([gate.mayStart(6_999), gate.mayStart(7_000)]).toEqual([false, true]);
  });

  it('takes three requests in a row that came to nothing for the provider being away', () => {
    const gate = gateOf();
    gate.failed('a', 'Plivo answered 500', at(0));
    gate.failed('b', 'Plivo answered 500', at(0));
    gate.accepted('c');
    gate.failed('d', 'Plivo answered 500', at(0));
    gate.failed('e', 'Plivo answered 500', at(0));
    expect(gate.mayStart(0)).toBe(true);
    gate.failed('f', 'Plivo answered 500', at(0));
    expect(gate.hold(0, 0)).toMatchObject({ code: 'provider-unavailable' });
  });

  it('believes that there are credits again only when a call went well', () => {
    const gate = gateOf();
    gate.refused('out-of-credits', 'hangup code 1010', { at: at(0), byCall: true });
    gate.started('probe');
    gate.accepted('probe');
    expect(gate.mayStart(5_000)).toBe(false);
    gate.wentWell('probe');
    expect(gate.mayStart(5_000)).toBe(true);
  });

  it('learns a limit of concurrency for a while', () => {
    const gate = gateOf();
    gate.limited(20, at(0));
    expect([gate.slots(50, 999), gate.slots(50, 1_000), gate.slots(null, 1_000)]).toEqual([20, 50, Infinity]);
    expect(gate.hold(20, 0)).toMatchObject({ code: 'account-limit' });
    expect(gate.hold(19, 0)).toBeNull();
  });
});
