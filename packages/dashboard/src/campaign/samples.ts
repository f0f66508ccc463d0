import type { Rate, Report } from '@ringside/protocol';
import { readInstant } from '../readers.ts';
import { isStill } from '../words.ts';

/** What a report said at one moment, for the charts. */
export interface Sample {
  /** Epoch seconds. */
  readonly at: number;
  readonly activeCalls: number | null;
  readonly attemptsPerMinute: number | null;
  readonly answerRate: number | null;
  /** What the answer rate is made of; `null` where nothing was seen. */
  readonly answer: Rate | null;
  /** No call could start: paused, waiting or over. */
  readonly halted: boolean;
}

/** Reports of a running campaign are made every 5 s; a longer silence was not seen, and is shown as a gap. */
const GAP_SECONDS = 20;
/** An hour, at one sample every 5 s. */
const MOST_SAMPLES = 720;
const BUCKET_SECONDS = 5;
const CLOCKS_DIFFER_SECONDS = 300;

/**
 * Adds what a report says, one sample in each 5 s; a later report of the same 5 s takes the place of the earlier. Where the
 * server’s clock was set back, what was seen of the time that comes once more is seen anew.
 */
export function addSample(samples: readonly Sample[], report: Report): readonly Sample[] {
  const sample = sampleOf(report);
  const last = samples.at(-1);
  if (Number.isNaN(sample.at)) return samples;
  if (last && sample.at < last.at) {
    // Nodes differ by less, and what stands still is reported as of its last event.
    const isSetBack = last.at - sample.at > CLOCKS_DIFFER_SECONDS && !isStill(report.phase);
    return isSetBack
      ? addSample(
          samples.filter(({ at }) => at < sample.at),
          report,
        )
      : samples;
  }
  if (last?.at === sample.at) return [...samples.slice(0, -1), sample];
  const gap = last && sample.at - last.at > GAP_SECONDS ? [unseen(last.at + BUCKET_SECONDS)] : [];
  return [...samples, ...gap, sample].slice(-MOST_SAMPLES);
}

function sampleOf({ asOf, phase, callMetrics }: Report): Sample {
  return {
    at: Math.floor(readInstant(asOf) / 1000 / BUCKET_SECONDS) * BUCKET_SECONDS,
    activeCalls: callMetrics.activeCalls,
    attemptsPerMinute: callMetrics.pace.attemptsPerMinute,
    answerRate: callMetrics.answerRate,
    answer: callMetrics.rates.answer,
    halted: phase !== 'running' && phase !== 'finishing',
  };
}

function unseen(at: number): Sample {
  return { at, activeCalls: null, attemptsPerMinute: null, answerRate: null, answer: null, halted: false };
}
