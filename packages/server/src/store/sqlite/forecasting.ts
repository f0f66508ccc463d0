import { type Contact, type ForecastResult, LIVE_CALLS, nothingWanted, SAMPLE_CALLS } from '@ringside/core';
import { contactKeysOf, liveOf, sampleOf } from '../forecast-sample.ts';
import { knownForecast, makeForecast } from '../forecasting.ts';
import type { CallRows } from './call-rows.ts';
import type { LiveCampaign } from './campaigns.ts';

/** The forecast of a campaign, made when somebody reads. See {@link knownForecast}. */
export function forecastOf(live: LiveCampaign, rows: CallRows, at: number, isListed: boolean): ForecastResult {
  const known = knownForecast(live, at, isListed);
  if (known) return known;
  const contacts = (calls: readonly { readonly contact_key: string | null }[]): readonly Contact[] =>
    rows.read(live.key, { ...nothingWanted, contacts: contactKeysOf(calls) }).contacts;
  if (live.forecasts.sample === null) {
    const ended = rows.sample(live.key, SAMPLE_CALLS);
    live.forecasts.sample = sampleOf(ended, contacts(ended));
  }
  const placed = rows.live(live.key, LIVE_CALLS);
  return makeForecast(live, { sample: live.forecasts.sample, live: liveOf(placed, contacts(placed)) }, at);
}
