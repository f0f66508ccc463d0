import type { LoadResult } from '../load/load.ts';
import { median, shown } from './numbers.ts';
import type { BenchOptions } from './result.ts';

/** The runs of one contestant, one a round. */
export type Runs = readonly LoadResult[];

/**
 * Runs every contestant once a round, each round beginning with another, so that a drift of the machine hits all alike.
 * @returns their runs, in the order of the contestants
 */
export async function interleave<T extends { readonly name: string }, Result extends LoadResult = LoadResult>(
  contestants: readonly T[],
  { rounds, say }: BenchOptions,
  run: (contestant: T) => Promise<Result>,
): Promise<Result[][]> {
  const runs: Result[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const index = (round + turn) % contestants.length;
      const contestant = contestants[index];
      if (!contestant) continue;
      const result = await run(contestant);
      runs[index]?.push(result);
      say(`round ${round + 1}: ${contestant.name}: ${shown(result.perSecond)}/s, p99 ${shown(result.p99)} ms`);
    }
  }
  return runs;
}

/** How many times as fast `ours` was as `theirs`: the median of the rounds' ratios. */
export function ratio(ours: Runs, theirs: Runs): number {
  return median(ours.map(({ perSecond }, round) => perSecond / (theirs[round]?.perSecond ?? Number.NaN)));
}

/** The cells of a contestant: requests a second, p50 and p99. @param each what one request counts for */
export function figures(runs: Runs, each = 1): [string, string, string] {
  const of = (pick: (result: LoadResult) => number): number => median(runs.map(pick));
  return [
    shown(of((result) => result.perSecond) * each),
    shown(of((result) => result.p50)),
    shown(of((result) => result.p99)),
  ];
}

/** Answers in all, those outside the measured windows included. */
export function answersIn(runs: Runs): number {
  return runs.reduce((sum, { answered }) => sum + answered, 0);
}

/** The note that tells whether the load generator itself was near its limit. */
export function generatorNote(all: readonly Runs[]): string {
  const most = Math.max(...all.flat().map(({ ownCpu }) => ownCpu));
  const verdict = most > 0.9 ? '**near its limit: the fastest figures are its own**' : 'so it was not the limit';
  return `The load generator used at most ${shown(most)} of a core, ${verdict}.`;
}
