import {
  type CampaignState,
  type Changes,
  type ForecastResult,
  forecastInput,
  forecastResult,
  isTicking,
  type LiveCall,
  standingOf,
  TICK_MS,
} from '@ringside/core';
import type { Phase } from '@ringside/protocol';
import type { CampaignMemory } from './campaign-memory.ts';
import { changedSample, type Sample } from './forecast-sample.ts';

/** What a campaign keeps in memory for its forecasts: nothing that could not be read again. */
export interface ForecastMemory {
  /** `null` while not loaded. */
  sample: Sample | null;
  /** The forecast that was made last, and of what. */
  latest: Made | null;
}

interface Made {
  readonly at: number;
  readonly version: number;
  readonly campaign: CampaignState['campaign'];
  readonly phase: Phase;
  readonly result: ForecastResult;
}

export function noForecasts(): ForecastMemory {
  return { sample: null, latest: null };
}

/** A list of many campaigns makes do with forecasts up to so old. */
const LISTED_MS = 60_000;

/**
 * The forecast that was made last, if it still holds: one is made at most once a tick while calls alone change, so a
 * thousand viewers cost what one costs; what changes the campaign itself, its total or a pause, shows at once.
 * @param at epoch milliseconds, of the report's quantised clock
 * @param isListed it is one of many in a list
 */
export function knownForecast(live: CampaignMemory, at: number, isListed: boolean): ForecastResult | null {
  const { state, rollup, forecasts } = live;
  const { campaign, version } = state;
  const { phase } = standingOf(state, rollup, at);
  const oldest = isListed ? at - LISTED_MS : Math.floor(at / TICK_MS) * TICK_MS;
  const { latest } = forecasts;
  if (latest && latest.campaign === campaign && latest.phase === phase && latest.at <= at) {
    const isNew = latest.at >= oldest && (isListed || isTicking(phase));
    if (isNew || (latest.at === at && latest.version === version)) return latest.result;
  }
  return null;
}

/** The forecast of a campaign, from its stored state and the clock alone. */
export function makeForecast(
  { state, rollup, forecasts }: CampaignMemory,
  from: { readonly sample: Sample; readonly live: readonly LiveCall[] },
  at: number,
): ForecastResult {
  const { campaign, version } = state;
  const { phase } = standingOf(state, rollup, at);
  const sample = [...from.sample.values()];
  const result = forecastResult(forecastInput(state, rollup, { sample, live: [...from.live] }, at));
  forecasts.latest = { at, version, campaign, phase, result };
  return result;
}

/** Brings the sample up to date with what a fold changed. */
export function refreshSample({ forecasts }: Pick<CampaignMemory, 'forecasts'>, changes: Changes): void {
  if (forecasts.sample !== null) forecasts.sample = changedSample(forecasts.sample, changes);
}
