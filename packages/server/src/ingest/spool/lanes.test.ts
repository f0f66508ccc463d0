import { expect, it } from 'vitest';
import { eventReceipt } from '../../testing/engine.ts';
import { nthEnd } from '../../testing/many-calls.ts';
import { inTurns } from './lanes.ts';

it('lets workspaces take turns, each in its own order', () => {
  const of = (workspace: string, n: number) => ({ ...eventReceipt(nthEnd('c', n)), workspace });
  const many = Array.from({ length: 4 }, (_, n) => of('many', n));
  const few = [of('few', 10), of('few', 11)];
  expect(inTurns([...many, ...few])).toEqual([many[0], few[0], many[1], few[1], many[2], many[3]]);
  expect(inTurns(many)).toEqual(many);
});
