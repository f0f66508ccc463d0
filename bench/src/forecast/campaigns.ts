import { type ForecastInput, forecastInput, forecastResult, liveCall, SAMPLE_CALLS, sampleCall } from '@ringside/core';
import { BenchCampaign } from './bench-campaign.ts';
import { deliveriesOf, START } from './deliveries.ts';
import { dial, type PlacedCall } from './dialer.ts';
import { elapsedTime, tqdm } from './peers.ts';
import { type Kind, type Scenario, scenarioOf } from './scenario.ts';

/** Shares of the work at which forecasts are judged. */
export const marks = [0.25, 0.5, 0.75] as const;
export type Mark = (typeof marks)[number];

/** A moment at which a forecast is asked for, and what came true. Seconds are active seconds. */
export interface Moment {
  readonly campaign: number;
  readonly kind: Kind;
  readonly mark: Mark;
  readonly input: ForecastInput;
  /** Contacts that are missed are called again in this campaign. */
  readonly isRetrying: boolean;
  readonly truth: number;
  /** What the peers say, by a clock that stands still during breaks. */
  readonly peers: PeerFigures;
  /** The same by the clock on the wall, breaks included, and the truth by that clock. */
  readonly wall: PeerFigures & { readonly truth: number };
}

export interface PeerFigures {
  readonly elapsed: number;
  readonly tqdm: number;
}

/** What the forecast said. */
export interface Said {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  /** What it took, by the clock and of the processor (of all threads, garbage collection included). */
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
}

const TICK = 5_000;

/** Runs campaign `index` of the series and stops at each mark; the inputs are what a report server would have. */
export function momentsOf(series: number, index: number): Moment[] {
  const scenario = scenarioOf(series, index);
  const calls = dial(scenario);
  const ends = calls.map((call) => call.endedAt).sort((a, b) => a - b);
  const last = ends.at(-1) ?? 0;
  const timed = deliveriesOf(scenario, calls);
  const campaign = new BenchCampaign();
  let applied = 0;
  return marks.flatMap((mark) => {
    const at = ends[Math.ceil(mark * ends.length) - 1] ?? 0;
    const now = Math.ceil((START + at) / TICK) * TICK;
    const from = applied;
    while ((timed[applied]?.at ?? Number.POSITIVE_INFINITY) <= now) applied++;
    campaign.apply(timed.slice(from, applied).map(({ delivery }) => delivery));
    const truth = activeBetween(scenario, now - START, last);
    if (truth < 1) return [];
    const after = now - START;
    const wall = { ...peersAt(scenario, calls, after, (at) => at / 1_000), truth: (last - after) / 1_000 };
    return [
      {
        campaign: index,
        kind: scenario.kind,
        mark,
        isRetrying: scenario.retry.maxAttempts > 1,
        input: inputAt(campaign, scenario, now),
        truth,
        peers: peersAt(scenario, calls, after, (at) => activeBetween(scenario, 0, at)),
        wall,
      },
    ];
  });
}

function inputAt(campaign: BenchCampaign, scenario: Scenario, now: number): ForecastInput {
  const closed = scenario.breaks
    .filter(({ told }) => told === 'window')
    .map(({ from, to }) => ({ from: START + Math.round(from), to: START + Math.round(to) }));
  const rows = {
    sample: campaign
      .newestEnded(SAMPLE_CALLS)
      .map(sampleCall)
      .filter((call) => call !== null),
    live: campaign
      .live()
      .map(liveCall)
      .filter((call) => call !== null),
    closed,
  };
  return forecastInput(campaign.state, campaign.rollup, rows, now);
}

/** What is forecast at a moment, `null` where there is no figure. */
export function forecastAt({ input }: Moment): Said | null {
  const [before, used] = [performance.now(), process.cpuUsage()];
  const { forecast } = forecastResult(input);
  const { user, system } = process.cpuUsage(used);
  const milliseconds = performance.now() - before;
  return forecast.seconds && { ...forecast.seconds, milliseconds, cpuMilliseconds: (user + system) / 1_000 };
}

/** @param clock seconds that it shows at a moment, milliseconds after the start */
function peersAt(
  { contacts }: Scenario,
  calls: readonly PlacedCall[],
  after: number,
  clock: (at: number) => number,
): PeerFigures {
  const at = calls
    .filter((call) => call.dueAt === null && call.endedAt <= after)
    .map((call) => clock(call.endedAt))
    .sort((a, b) => a - b);
  const settled = { at, contacts, elapsed: clock(after) };
  return { elapsed: elapsedTime(settled), tqdm: tqdm(settled) };
}

/** Seconds between two moments that lie in no break. */
function activeBetween({ breaks }: Scenario, from: number, to: number): number {
  let active = to - from;
  for (const pause of breaks) active -= Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from));
  return Math.max(0, active) / 1_000;
}
