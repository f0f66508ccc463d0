import { median } from '../lib/numbers.ts';
import { forecastAt, type Mark, type Moment, marks, type Said } from './campaigns.ts';
import { type Kind, kinds } from './scenario.ts';

export interface Judged extends Moment {
  readonly said: Said;
}

export interface Figures {
  readonly count: number;
  /** Share of the truths inside the range, and below and above it, 0 to 1. */
  readonly covered: number;
  readonly early: number;
  readonly late: number;
  /** Median of |p50 − truth| / truth. */
  readonly error: number;
  /** Median of (p50 − truth) / truth. */
  readonly bias: number;
  /** The peers' median errors, by the active clock. */
  readonly elapsed: number;
  readonly tqdm: number;
  /** The peers' median errors against the clock on the wall, which they would show. */
  readonly wallElapsed: number;
  readonly wallTqdm: number;
}

export interface Judgement {
  readonly all: Figures;
  readonly byMark: ReadonlyMap<Mark, Figures>;
  readonly byKind: ReadonlyMap<Kind, Figures>;
  readonly retrying: Figures;
  readonly once: Figures;
  /** Moments at which there was no figure. */
  readonly withheld: number;
  readonly milliseconds: Spread;
  readonly cpuMilliseconds: Spread;
}

export interface Spread {
  readonly median: number;
  readonly p99: number;
}

/** @param campaigns the moments of each */
export function judge(campaigns: readonly (readonly Moment[])[]): Judgement {
  const judged: Judged[] = [];
  let withheld = 0;
  for (const moments of campaigns) {
    for (const moment of moments) {
      const said = forecastAt(moment);
      if (said === null) withheld++;
      else judged.push({ ...moment, said });
    }
  }
  return {
    all: figuresOf(judged),
    byMark: new Map(marks.map((mark) => [mark, figuresOf(judged.filter((one) => one.mark === mark))])),
    byKind: new Map(kinds.map((kind) => [kind, figuresOf(judged.filter((one) => one.kind === kind))])),
    retrying: figuresOf(judged.filter((one) => one.isRetrying)),
    once: figuresOf(judged.filter((one) => !one.isRetrying)),
    withheld,
    milliseconds: spreadOf(judged.map(({ said }) => said.milliseconds)),
    cpuMilliseconds: spreadOf(judged.map(({ said }) => said.cpuMilliseconds)),
  };
}

function spreadOf(values: number[]): Spread {
  values.sort((a, b) => a - b);
  return { median: median(values), p99: values[Math.floor(values.length * 0.99)] ?? Number.NaN };
}

function figuresOf(judged: readonly Judged[]): Figures {
  const share = (test: (one: Judged) => boolean): number => judged.filter(test).length / judged.length;
  const error = (pick: (one: Judged) => number, truth = (one: Judged): number => one.truth): number =>
    median(judged.map((one) => Math.abs(pick(one) - truth(one)) / truth(one)));
  return {
    count: judged.length,
    covered: share(({ said, truth }) => said.p10 <= truth && truth <= said.p90),
    early: share(({ said, truth }) => truth < said.p10),
    late: share(({ said, truth }) => truth > said.p90),
    error: error(({ said }) => said.p50),
    bias: median(judged.map(({ said, truth }) => (said.p50 - truth) / truth)),
    elapsed: error(({ peers }) => peers.elapsed),
    tqdm: error(({ peers }) => peers.tqdm),
    wallElapsed: error(
      ({ wall }) => wall.elapsed,
      ({ wall }) => wall.truth,
    ),
    wallTqdm: error(
      ({ wall }) => wall.tqdm,
      ({ wall }) => wall.truth,
    ),
  };
}
