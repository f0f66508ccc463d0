import type { ForecastInput, PaceSlot, SampleCall } from '../types.ts';

export const NOW = Date.UTC(2025, 7, 7, 15);
const HOUR = 3_600_000;

export interface Steady {
  readonly notStarted: number;
  readonly lines: number;
  /** Length of every call, seconds. */
  readonly callSeconds: number;
  /** Every `reachedEvery`-th call reaches its contact; 0: none does. */
  readonly reachedEvery: number;
}

/** A campaign that has dialed for an hour, always at the same pace, with no retries. */
export function steadyInput(wanted: Partial<Steady> = {}, changed: Partial<ForecastInput> = {}): ForecastInput {
  const steady = { notStarted: 500, lines: 10, callSeconds: 60, reachedEvery: 2, ...wanted };
  const { notStarted, lines, callSeconds } = steady;
  const apart = (1_000 * Math.max(callSeconds, 1)) / lines;
  return {
    now: NOW,
    phase: 'running',
    totalKnown: true,
    active: [{ from: NOW - HOUR, to: NOW }],
    closed: [],
    notStarted,
    open: [],
    live: {
      count: lines,
      calls: Array.from({ length: lines }, (_, line) => ({ startedAt: NOW - line * apart, attempt: 1 })),
    },
    retry: { maxAttempts: 1, delaySeconds: 0 },
    pace: null,
    ended: Math.floor(HOUR / apart),
    sample: Array.from({ length: 300 }, (_, index) => call(steady, index, NOW - index * apart)),
    slots: Array.from({ length: 300 }, (_, index) => slot(steady, NOW - (300 - index) * 10_000, 10_000 / apart)),
    minutes: Array.from({ length: 60 }, (_, index) => ({ at: NOW - (60 - index) * 60_000, ended: 60_000 / apart })),
    ...changed,
  };
}

function call({ callSeconds, reachedEvery }: Steady, index: number, endedAt: number): SampleCall {
  return {
    startedAt: endedAt - callSeconds * 1_000,
    endedAt,
    reached: reachedEvery > 0 && index % reachedEvery === 0,
    attempt: 1,
    waitedMs: null,
    announcedMs: null,
  };
}

function slot({ lines }: Steady, at: number, calls: number): PaceSlot {
  return { at, started: calls, ended: calls, live: lines };
}
