import { describe, expect, it } from 'vitest';
import { createRateWindow } from './rate-window.ts';

describe('a window of requests', () => {
  it('takes as many as it holds, and one more for each that has left it', () => {
    let now = 0;
    const mayAsk = createRateWindow(2, 5_000, () => now);
    const at = (time: number) => {
      now = time;
      return mayAsk();
    };
    expect([at(0), at(1_000), at(2_000), at(4_999), at(5_000), at(5_001), at(6_000), at(6_001)]).toEqual([
      ...[true, true, false, false, true, false, true, false],
    ]);
  });
});
