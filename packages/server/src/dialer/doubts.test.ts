import { describe, expect, it } from 'vitest';
import type { Sighting } from './call-provider.ts';
import { conclude, pastQueueAt } from './doubts.ts';

const empty: Sighting = { kind: 'none', what: 'in no list' };
const first = { emptyLooks: 0 };
const second = { emptyLooks: 1 };

describe('what follows from a look at the provider’s lists', () => {
  it.each(['live', 'queued', 'ended'] as const)('a %s call was placed', (kind) => {
    const { look, isProvedEmpty } = conclude(first, { kind, requestId: 'r1', what: 'seen' }, true);
    expect([look, isProvedEmpty]).toEqual([{ kind: 'placed', requestId: 'r1', what: 'seen' }, false]);
  });

  it('empty lists prove nothing once, nor twice while the call may still wait in the provider’s queue', () => {
    expect(conclude(first, empty, true).isProvedEmpty).toBe(false);
    expect(conclude(second, empty, false).isProvedEmpty).toBe(false);
    expect(conclude(second, empty, true).isProvedEmpty).toBe(true);
  });

  it('a list that cannot be read proves nothing at all', () => {
    const { look, isProvedEmpty } = conclude(second, { kind: 'unavailable', what: '503' }, true);
    expect([look.kind, isProvedEmpty]).toEqual(['unknown', false]);
  });

  it('counts the time in the queue from the last moment at which the request may have arrived', () => {
    expect(pastQueueAt({ knownAt: 200 }, 500, { sendWithinMs: 800, queueMarginMs: 50 })).toBe(1_550);
  });
});
