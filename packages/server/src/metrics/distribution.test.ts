import { expect, it } from 'vitest';
import { Distribution } from './distribution.ts';

it('counts each value in every bucket whose bound it does not exceed, and beyond all bounds', () => {
  const distribution = new Distribution([0.01, 0.1, 1]);
  for (const value of [0.0078125, 0.01, 0.0625, 1, 3]) distribution.observe(value);
  const samples = distribution.samples('ringside_x_seconds', { work: 'a' });
  expect(samples.map(({ metricName, labels, value }) => [metricName?.slice(19), labels?.le, value])).toEqual([
    ['bucket', '0.01', 2],
    ['bucket', '0.1', 3],
    ['bucket', '1', 4],
    ['bucket', '+Inf', 5],
    ['sum', undefined, 4.0803125],
    ['count', undefined, 5],
  ]);
  expect(samples.every(({ labels }) => labels?.work === 'a')).toBe(true);
});
