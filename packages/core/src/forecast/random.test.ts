import { describe, expect, it } from 'vitest';
import { normalQuantile, Random } from './random.ts';

function mean(draw: () => number, draws = 20_000): number {
  let sum = 0;
  for (let i = 0; i < draws; i++) sum += draw();
  return sum / draws;
}

describe('random numbers', () => {
  it('are the same for the same seed and others for another', () => {
    const draws = (seed: number): number[] => {
      const random = new Random(seed);
      return [random.next(), random.normal(), random.exponential(), random.beta(2, 3), random.binomial(40, 0.3)];
    };
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)[0]).not.toBe(draws(8)[0]);
  });

  it('have the moments that they should', () => {
    const random = new Random(1);
    expect(mean(() => random.next())).toBeCloseTo(0.5, 1.7);
    expect(mean(() => random.normal() ** 2)).toBeCloseTo(1, 1);
    expect(mean(() => random.exponential())).toBeCloseTo(1, 1);
    expect(mean(() => random.beta(2, 6))).toBeCloseTo(0.25, 1.7);
    expect(mean(() => random.beta(0.5, 0.5))).toBeCloseTo(0.5, 1.7);
    expect(mean(() => random.binomial(10, 0.3))).toBeCloseTo(3, 1);
    expect(mean(() => random.binomial(1_000, 0.3))).toBeCloseTo(300, 0);
  });

  it('quantiles of the normal distribution are those of the tables', () => {
    expect(normalQuantile(0.5)).toBeCloseTo(0, 8);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 5);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232, 5);
  });
});
