import { describe, expect, it } from 'vitest';
import { logNormal, pick, seededRandom, seededUuid } from './random.ts';

function draws(count: number, ...seed: (string | number)[]): number[] {
  const random = seededRandom(...seed);
  return Array.from({ length: count }, random);
}

describe('seeded chance', () => {
  it('is the same for the same seed and another for another', () => {
    expect(draws(5, 'a', 1)).toEqual(draws(5, 'a', 1));
    expect(draws(5, 'a', 1)).not.toEqual(draws(5, 'a', 2));
    expect(draws(5, 'a', 11)).not.toEqual(draws(5, 'a1', 1));
  });

  it('is spread evenly from 0 to 1', () => {
    const bins = new Array<number>(10).fill(0);
    for (const draw of draws(20_000, 'even')) bins[Math.floor(draw * 10)] = (bins[Math.floor(draw * 10)] ?? 0) + 1;
    expect(Math.min(...bins)).toBeGreaterThan(1_850);
    expect(Math.max(...bins)).toBeLessThan(2_150);
  });

  it('picks by weight', () => {
    const random = seededRandom('weights');
    const choices = [
      ['often', 9],
      ['seldom', 1],
      ['never', 0],
    ] as const;
    const picked = Array.from({ length: 5_000 }, () => pick(random, choices));
    expect(picked.filter((one) => one === 'seldom').length).toBeGreaterThan(420);
    expect(picked.filter((one) => one === 'seldom').length).toBeLessThan(580);
    expect(picked).not.toContain('never');
  });

  it('draws log-normally around the median', () => {
    const random = seededRandom('talk');
    const seconds = Array.from({ length: 5_001 }, () => logNormal(random, 60, 0.6)).sort((a, b) => a - b);
    expect(seconds[2_500]).toBeGreaterThan(57);
    expect(seconds[2_500]).toBeLessThan(63);
    // The 90th percentile of a log-normal lies at median · e^(1.2816 σ).
    expect(seconds[4_500]).toBeGreaterThan(122);
    expect(seconds[4_500]).toBeLessThan(138);
  });

  it('makes ids in the form of version 4 UUIDs', () => {
    const ids = Array.from({ length: 500 }, (_, index) => seededUuid('ids', index));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(500);
    expect(seededUuid('ids', 3)).toBe(ids[3]);
  });
});
