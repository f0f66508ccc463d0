import type { GrowthResult, GrowthRuns } from './growth-contest.ts';
import { figures, type Runs, ratio } from './lib/interleave.ts';
import { median, shown } from './lib/numbers.ts';
import { verdict } from './lib/result.ts';

/** Part of the table of growth. */
export interface GrowthPart {
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly runs: readonly Runs[];
}

const MOST_TIMES = 2;

/** What stands before the figures of a row, and its runs. */
export interface Measured {
  readonly store: string;
  readonly nodes: number;
  readonly campaigns: string;
  readonly runs: GrowthRuns;
}

/** @param beside the last three cells */
export function growthRow({ store, nodes, campaigns, runs }: Measured, beside: readonly string[]): string[] {
  const micros = (pick: (result: GrowthResult) => number | null): string => {
    const values = runs.flatMap((run) => pick(run) ?? []);
    return values.length === 0 || values.some(Number.isNaN) ? '' : shown(median(values));
  };
  const costs = [micros((run) => run.nodeMicros), micros((run) => run.databaseMicros)];
  const start = [store, String(nodes), campaigns];
  // What went into a spool says nothing about a store.
  if (runs.some(({ remarked }) => remarked > 0)) return [...start, '', '', '', '', '', 'not measured: spooled', '', ''];
  return [...start, ...figures(runs, runs[0]?.batch), ...costs, ...beside];
}

/** How many times as dear an event is as with one campaign, and whether that is little enough. */
export function growth(ofOne: GrowthRuns, ofMany: GrowthRuns, isJudged: boolean): string[] {
  const times = ratio(ofOne, ofMany);
  const judged = isJudged ? verdict(`≤ ${MOST_TIMES} ×`, times <= MOST_TIMES) : ['', ''];
  return [`an event costs ${shown(times)} × that with 1 campaign`, ...judged];
}

/** How many times as much several nodes take in as one. */
export function speedup(ofOne: GrowthRuns, ofSeveral: GrowthRuns): string[] {
  return [`${shown(ratio(ofSeveral, ofOne))} × the events of 1 node`, '', ''];
}
