import { SLOT_MS } from '../rollup.ts';
import type { Handling } from './handling.ts';
import type { ForecastInput, PaceSlot, SampleCall } from './types.ts';

/** How fast the campaign dials while there is somebody to call. */
export interface Pace {
  /** The number of lines is what limits it; else the spacing of starts does. */
  readonly isLineBound: boolean;
  /** Lines busy on average, gaps between two calls included as idle. */
  readonly busyLines: number;
  /** Starts a second. */
  readonly rate: number;
  /** Lines there are: as declared, else the most seen. */
  readonly lines: number;
  /** Relative standard error of the pace. */
  readonly error: number;
  /** Calls that must be live although nobody has reported their start. */
  readonly unseen: number;
}

const SLOT_SECONDS = SLOT_MS / 1_000;
/** Slots of a minute, the shortest piece that is looked at. */
const BLOCK = 6;
/** Pieces whose pace is the same to within this share, or so many standard deviations, are one stretch of dialing. */
const SAME_WITHIN = 0.05;
const DEVIATIONS = 2.5;
/** With as many calls live on average, none live is a sign that starts are not reported. */
const SURELY_BUSY = 0.6;
/** The count of live calls varies less than a Poisson count by this factor when lines are the limit. */
const LINE_BOUND_BELOW = 0.35;
/** With a line free most of the time, something else sets the pace. */
const HALF_BUSY = 0.5;

/** Reads the pace from the newest slots, as far back as it held. */
export function paceOf(input: ForecastInput, handling: Handling): Pace {
  const isSilent = isHidden(input);
  const known = isSilent ? withoutNewest(input.slots, handling) : input.slots;
  const held = heldSlots(input.notStarted > 0 ? known : fullSlots(known), handling.mean);
  const live = momentsOf(held.map((slot) => slot.live));
  const started = mean(held.map((slot) => slot.started)) / SLOT_SECONDS;
  const seen = held.length >= BLOCK && started > 0 ? { live: live.mean, rate: started } : seenInSample(input.sample);
  const declared = input.pace?.concurrency ?? null;
  const isLineBound = judged(live, declared);
  const most = Math.max(1, input.live.count, ...held.map((slot) => slot.live));
  const lines = isLineBound ? most : Math.max(most, Math.round(declared ?? 0));
  return {
    isLineBound,
    busyLines: Math.min(seen.live, lines),
    rate: seen.rate,
    lines,
    error: paceError(held.length, live, isLineBound, handling.mean),
    unseen: isSilent ? Math.round(seen.live) : 0,
  };
}

/** Calls that are still live are missing from the newest slots, when starts are not reported. */
function withoutNewest(slots: readonly PaceSlot[], handling: Handling): readonly PaceSlot[] {
  const longest = Math.ceil((handling.any.at(-8) ?? 0) / SLOT_SECONDS) + 1;
  const kept = slots.slice(0, -longest);
  return kept.length >= BLOCK ? kept : slots;
}

/** Before there are slots enough: calls and call seconds per second that the sample spans. */
function seenInSample(sample: readonly SampleCall[]): { live: number; rate: number } {
  const first = sample.reduce((least, call) => Math.min(least, call.startedAt), Number.POSITIVE_INFINITY);
  const last = sample.reduce((most, call) => Math.max(most, call.endedAt), 0);
  const span = Math.max(SLOT_SECONDS, (last - first) / 1_000);
  const busy = sample.reduce((sum, call) => sum + (call.endedAt - call.startedAt) / 1_000, 0);
  return { live: busy / span, rate: Math.max(1, sample.length) / span };
}

/** Calls are reported only when they end: none is live now, although calls kept lines busy before. */
function isHidden({ phase, slots, live }: ForecastInput): boolean {
  return phase === 'running' && live.count === 0 && mean(slots.map((slot) => slot.live)) > SURELY_BUSY;
}

/** When the list is through, only the slots in which most lines were busy tell what the dialer can do. */
function fullSlots(slots: readonly PaceSlot[]): readonly PaceSlot[] {
  const sorted = slots.map((slot) => slot.live).sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
  const full = slots.filter((slot) => slot.live >= 0.7 * high);
  return full.length >= BLOCK ? full : slots;
}

/**
 * The newest slots over which the pace was the same: at least two minutes and two calls' lengths. They are followed back
 * in pieces half as long as what held so far, so that a steady pace gathers a long stretch although single minutes
 * differ, and a slow change still shows.
 */
function heldSlots(slots: readonly PaceSlot[], callSeconds: number): readonly PaceSlot[] {
  const callSlots = Math.max(1, callSeconds / SLOT_SECONDS);
  let from = Math.max(0, slots.length - Math.max(2 * BLOCK, Math.ceil(2 * callSlots)));
  while (from > 0) {
    const kept = momentsOf(slots.slice(from).map((slot) => slot.live));
    const piece = slots.slice(Math.max(0, from - Math.max(BLOCK, Math.ceil((slots.length - from) / 2))), from);
    // Counts of live calls are alike over some two calls' lengths: a longer piece varies less.
    const deviation = Math.sqrt(kept.variance / Math.max(1, piece.length / (2 * callSlots)));
    const tolerance = Math.max(SAME_WITHIN * kept.mean, DEVIATIONS * deviation, 0.25);
    if (Math.abs(mean(piece.map((slot) => slot.live)) - kept.mean) > tolerance) break;
    from -= piece.length;
  }
  return slots.slice(from);
}

interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** Whether lines are what limits the pace. */
function judged(live: Moments, declared: number | null): boolean {
  if (live.mean < HALF_BUSY) return false;
  if (declared !== null && live.mean < 0.7 * declared) return false;
  if (declared !== null && live.mean > 0.85 * declared) return true;
  return live.variance < LINE_BOUND_BELOW * Math.max(live.mean, 0.25);
}

/** Counts of live calls are alike over a call's length, so only that many slots are independent. */
function paceError(slots: number, live: Moments, isLineBound: boolean, callSeconds: number): number {
  const independent = Math.max(1, (slots * SLOT_SECONDS) / Math.max(SLOT_SECONDS, callSeconds));
  const relative = Math.sqrt(live.variance) / Math.max(live.mean, 0.1);
  return Math.min(0.5, relative / Math.sqrt(independent)) * (isLineBound ? 1 : 0.5) + 0.01;
}

function momentsOf(values: readonly number[]): Moments {
  const average = mean(values);
  return { mean: average, variance: mean(values.map((value) => (value - average) ** 2)) };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
