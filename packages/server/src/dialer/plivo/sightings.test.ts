import { describe, expect, it } from 'vitest';
import { sentSince } from './sightings.ts';

const NOW = Date.UTC(2026, 2, 1, 10);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const known = (ms: number) => () => ms;

describe('since when a call may have been placed, by the provider’s clock', () => {
  it.each([
    ['as it should', 0],
    ['two hours ahead', 2 * HOUR_MS],
    ['two hours behind', -2 * HOUR_MS],
  ])('is when it was sent, though this clock stands %s', (_how, off) => {
    const since = sentSince({ knownForMs: known(10_000), at: null }, { provider: NOW, own: NOW + off });
    expect(NOW - 10_000 - since).toBe(1_000);
  });

  it.each([
    ['no clock was set', 0, 0],
    ['the node that sent it was a minute ahead', MINUTE_MS, -MINUTE_MS],
    ['the clock was set back since', 2 * HOUR_MS, 0],
    ['it is ahead as before', 2 * HOUR_MS, 2 * HOUR_MS],
    ['it was set forward since', 0, 2 * HOUR_MS],
    ['it was behind', -2 * HOUR_MS, 0],
  ])('is no later than when an owner of before sent it, though %s', (_how, senderOff, ownOff) => {
    const sentAt = NOW - 15_000;
    const given = { knownForMs: known(10_000), at: sentAt + senderOff };
    expect(sentSince(given, { provider: NOW, own: NOW + ownOff })).toBeLessThan(sentAt);
  });

  it('is not long before where the clocks agree: other calls of that day are none of it', () => {
    const since = sentSince({ knownForMs: known(10_000), at: NOW - 15_000 }, { provider: NOW, own: NOW });
    expect(NOW - since).toBeLessThan(6 * MINUTE_MS);
  });
});
