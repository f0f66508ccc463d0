import { describe, expect, it } from 'vitest';
import type { EndFacts } from './event.ts';
import { hangupName, outcomeOf } from './hangup.ts';

function end(code: number | null, status: EndFacts['status'] = null): EndFacts {
  return { code, status, cause: null, source: null, duration: null };
}

describe('outcome of an end', () => {
  it.each([
    ['completed', true, [4000, 4010, 4020, 4030, 6000, 6020]],
    ['machine', true, [9100]],
    ['app-error', false, [7011, 7012, 7013, 7014, 7022, 7023, 7024, 7032, 7033, 7034, 8011, 8012, 8013, 8014]],
    ['busy', false, [3010, 3100]],
    ['no-answer', false, [3000, 6010]],
    ['rejected', false, [3020, 3110]],
    ['invalid', false, [2000, 3050, 3120]],
    ['unreachable', false, [2010, 2020]],
    ['blocked', false, [3040, 3130, 3140]],
    ['canceled', false, [1000]],
    ['failed', false, [1010, 1020, 2030, 2040, 2050, 2060, 2070, 3030, 3070, 3080, 3090, 5000, 5010, 5020, 5030]],
  ] as const)('%s follows from the code, whatever the status says', (outcome, answered, codes) => {
    for (const code of codes) {
      expect(outcomeOf(end(code, 'completed'), answered, false), String(code)).toBe(outcome);
      expect(hangupName(code), String(code)).not.toBeNull();
    }
  });

  it('is no-answer for a normal hangup that nobody answered', () => {
    for (const code of [4000, 4010, 6000]) expect(outcomeOf(end(code, 'completed'), false, false)).toBe('no-answer');
  });

  it('is machine when the one who answered was judged a machine', () => {
    expect(outcomeOf(end(4000, 'completed'), true, true)).toBe('machine');
  });

  it('stays an application error after pick-up', () => {
    expect(outcomeOf(end(8011, 'completed'), true, false)).toBe('app-error');
  });

  it('falls back to the band of an unknown code, then to the status, then to failed', () => {
    expect(outcomeOf(end(4999), true, false)).toBe('completed');
    expect(outcomeOf(end(5999, 'completed'), false, false)).toBe('failed');
    expect(outcomeOf(end(7999), false, false)).toBe('app-error');
    expect(outcomeOf(end(3999, 'busy'), false, false)).toBe('busy');
    expect(outcomeOf(end(3999, 'timeout'), false, false)).toBe('no-answer');
    expect(outcomeOf(end(3999), false, false)).toBe('failed');
    expect(outcomeOf(end(0, 'canceled'), false, false)).toBe('canceled');
  });

  it('goes by the status where there is no code', () => {
    expect(outcomeOf(end(null, 'completed'), true, false)).toBe('completed');
    expect(outcomeOf(end(null, 'completed'), false, false)).toBe('no-answer');
    expect(outcomeOf(end(null), true, false)).toBe('completed');
    expect(outcomeOf(end(null), false, false)).toBe('failed');
    expect(outcomeOf(end(6020, 'failed'), false, false)).toBe('failed');
  });
});
