import { shown } from '../lib/numbers.ts';
import { type BenchResult, verdict } from '../lib/result.ts';
import { type Moment, momentsOf } from './campaigns.ts';
import { type Figures, type Judgement, judge } from './judge.ts';

/** Series 1 to 3 served to calibrate the forecast; no other did. */
const CALIBRATION = 3;
export const JUDGING_SEED = 552_903;
export const CAMPAIGNS = 1_050;

const COVERED = { least: 0.75, most: 0.85 } as const;
const MOST_ERROR = { 0.25: 0.1, 0.5: 0.08, 0.75: 0.1 } as const;
const MOST_OF_PEERS = 0.3;
const MOST_MS = 5;

export interface ForecastBenchOptions {
  readonly campaigns: number;
  /** Series of campaigns; above {@link CALIBRATION}. */
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** Forecasts of campaigns whose end is known, beside two peers that front ends use. */
export function benchForecast({ campaigns, seed, say }: ForecastBenchOptions): BenchResult {
  if (seed <= CALIBRATION) throw new Error(`seeds up to ${CALIBRATION} served to calibrate and cannot judge`);
  const all: Moment[][] = [];
  for (let index = 0; index < campaigns; index++) {
    all.push(momentsOf(seed, index));
    if ((index + 1) % 100 === 0) say(`forecast: ${index + 1} of ${campaigns} campaigns`);
  }
  const judged = judge(all);
  return {
    title: 'P9 forecast: remaining active seconds, at 25, 50 and 75 % of the calls',
    columns: [
      ...['', 'forecasts', 'in the range', 'truth earlier', 'truth later', 'median error', 'bias'],
      ...['elapsed time', 'tqdm', 'of elapsed', 'of tqdm', 'to reach', 'reached'],
    ],
    rows: rowsOf(judged),
    notes: notesOf(judged, seed, campaigns),
  };
}

function rowsOf(judged: Judgement): string[][] {
  const { all } = judged;
  const isCovered = all.covered >= COVERED.least && all.covered <= COVERED.most;
  const inRange = verdict(`${COVERED.least * 100} to ${COVERED.most * 100} % in the range`, isCovered);
  return [
    [...cells('all', all), ...inRange],
    ...[...judged.byMark].map(([mark, figures]) => {
      const most = MOST_ERROR[mark as keyof typeof MOST_ERROR];
      return [...cells(`at ${mark * 100} %`, figures), ...verdict(`error ≤ ${percent(most)}`, figures.error <= most)];
    }),
    ...[...judged.byKind].map(([kind, figures]) => [...cells(kind, figures), '', '']),
    [...cells('with retries', judged.retrying), '', ''],
    [...cells('without', judged.once), '', ''],
  ];
}

function cells(name: string, figures: Figures): string[] {
  const { covered, early, late, error, bias, elapsed, tqdm } = figures;
  return [
    name,
    shown(figures.count),
    ...[covered, early, late, error, bias, elapsed, tqdm].map(percent),
    times(error / elapsed),
    times(error / tqdm),
  ];
}

function notesOf(
  { all, milliseconds, cpuMilliseconds, withheld }: Judgement,
  seed: number,
  campaigns: number,
): string[] {
  const peers = (name: string, peer: number): string => {
    const [target, reached] = verdict(`≤ ${MOST_OF_PEERS} ×`, all.error / peer <= MOST_OF_PEERS);
    return `Error beside ${name}: ${times(all.error / peer)}; to reach ${target}: ${reached}.`;
  };
  const [target, reached] = verdict(`≤ ${MOST_MS} ms`, milliseconds.median <= MOST_MS);
  return [
    `${shown(campaigns)} campaigns of series ${seed}; series 1 to ${CALIBRATION} served to calibrate. No figure at ${withheld} moments.`,
    peers('elapsed-time extrapolation on the active clock', all.elapsed),
    peers('tqdm (smoothing 0.3, mininterval 0.1 s) on the active clock', all.tqdm),
    `Both peers count settled contacts. On the wall's clock, breaks included, they are off by ${percent(all.wallElapsed)} and ${percent(all.wallTqdm)}.`,
    `A forecast took ${shown(milliseconds.median)} ms (median), ${shown(milliseconds.p99)} ms (p99) by the clock, and ${shown(cpuMilliseconds.median)} and ${shown(cpuMilliseconds.p99)} ms of the processor; to reach ${target}: ${reached}.`,
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function times(ratio: number): string {
  return `${ratio.toFixed(3)} ×`;
}
