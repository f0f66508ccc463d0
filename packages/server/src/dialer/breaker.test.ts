import type { Outcome } from '@ringside/protocol';
import { describe, expect, it } from 'vitest';
import { burstOf, type CallEnd, usualBreaker } from './breaker.ts';

const NOW = 10_000_000;

function ends(count: number, outcome: Outcome, cause: string | null = null, ago = 1_000): CallEnd[] {
  return Array.from({ length: count }, () => ({ at: NOW - ago, outcome, cause }));
}

const burst = (...all: CallEnd[][]) => burstOf(all.flat(), NOW, usualBreaker);

describe('the breaker', () => {
  it('opens when four in five of at least twenty calls failed, and says why', () => {
    expect(burst(ends(12, 'failed', 'Plivo 400: no such caller id'), ends(4, 'invalid'), ends(4, 'completed'))).toBe(
      '16 of the 20 calls that ended within 5 minutes failed: 12 × failed (Plivo 400: no such caller id), 4 × invalid',
    );
  });

  it('stays shut below that share, or with fewer calls', () => {
    expect(burst(ends(15, 'failed'), ends(5, 'completed'))).toBeNull();
    expect(burst(ends(19, 'failed'))).toBeNull();
  });

  it('does not mind how long ago others failed', () => {
    expect(burst(ends(19, 'failed'), ends(50, 'failed', null, usualBreaker.windowMs))).toBeNull();
  });

  it.each(['busy', 'no-answer', 'rejected', 'canceled', 'machine', 'lost'] as const)(
    'finds nothing in %s',
    (outcome) => {
      expect(burst(ends(100, outcome))).toBeNull();
    },
  );

  it.each(['failed', 'app-error', 'blocked', 'invalid', 'unreachable'] as const)('minds %s', (outcome) => {
    expect(burst(ends(20, outcome))).toContain(`20 × ${outcome}`);
  });

  it('names three causes, the rest as others', () => {
    const causes = ['a', 'b', 'c', 'd'].flatMap((cause) => ends(5, 'failed', cause));
    expect(burst(causes)).toMatch(/5 × failed \(a\), 5 × failed \(b\), 5 × failed \(c\), others$/);
  });
});
