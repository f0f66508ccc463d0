import type { CallRow, Changes, Contact } from '@ringside/core';
import {
  type EarlierForecast,
  type ForecastResult,
  forecastInput,
  forecastResult,
  type LiveCall,
  liveCall,
  SAMPLE_CALLS,
  type SampleCall,
  sampleCall,
} from '@ringside/core';
import type { CallRows } from './call-rows.ts';
import type { LiveCampaign } from './campaigns.ts';
import type { Database } from './database.ts';

const LIVE_CALLS = 400;

/** What a campaign keeps in memory for its forecasts. */
export interface ForecastMemory {
  /** The newest ended calls by row, newest end first; `null` while not loaded. */
  sample: Map<string, SampleCall> | null;
  /** The forecast that was computed last, and for which moment. */
  latest: { readonly at: number; readonly result: ForecastResult } | null;
  /** Those kept, by mark in per cent; `null` while not loaded. */
  kept: Map<number, EarlierForecast> | null;
}

export function noForecasts(): ForecastMemory {
  return { sample: null, latest: null, kept: null };
}

/** Shares of the work, in per cent, at which a forecast is kept. */
const MARKS = [10, 25, 50, 75] as const;

/** Forecasts that are kept, to be compared with what came. */
export class KeptForecasts {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      load: db.prepare('SELECT mark, forecast FROM forecasts WHERE campaign_key = ? ORDER BY mark'),
      keep: db.prepare('INSERT INTO forecasts (campaign_key, mark, forecast) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
    };
  }

  of(live: LiveCampaign): Map<number, EarlierForecast> {
    const rows = this.#sql.load.all(live.key) as { mark: number; forecast: string }[];
    live.forecasts.kept ??= new Map(rows.map(({ mark, forecast }) => [mark, JSON.parse(forecast)]));
    return live.forecasts.kept;
  }

  /** Keeps the first forecast that is shown past a mark. */
  keep(live: LiveCampaign, { forecast, share }: ForecastResult, at: number): void {
    const { seconds } = forecast;
    if (seconds === null || share === null) return;
    const mark = MARKS.filter((percent) => percent <= share * 100).at(-1);
    const kept = this.of(live);
    if (mark === undefined || kept.has(mark)) return;
    const earlier: EarlierForecast = { at, share, ...seconds };
    this.#sql.keep.run(live.key, mark, JSON.stringify(earlier));
    kept.set(mark, earlier);
  }
}

export interface ForecastSources {
  readonly rows: CallRows;
  readonly kept: KeptForecasts;
}

/**
 * The forecast of a campaign: computed when somebody reads, and not again before it is older than asked for, so a
 * thousand viewers cost what one costs.
 * @param at epoch milliseconds, of the report's quantised clock
 * @param oldestAt a forecast of that moment, or a later one, will do
 */
export function forecastOf(
  live: LiveCampaign,
  { rows, kept }: ForecastSources,
  at: number,
  oldestAt: number,
): ForecastResult {
  const { forecasts } = live;
  if (forecasts.latest && forecasts.latest.at >= oldestAt) return forecasts.latest.result;
  forecasts.sample ??= loadSample(live, rows);
  const calls = rows.live(live.key, LIVE_CALLS);
  const contacts = contactsOf(live, rows, calls);
  const input = forecastInput(
    live.state,
    live.rollup,
    {
      sample: [...newestOf(forecasts.sample).values()],
      live: calls
        .map((row) => liveCall({ row, contact: contacts.get(row.contact ?? '') }))
        .filter((call): call is LiveCall => call !== null),
      earlier: [...kept.of(live).values()],
    },
    at,
  );
  const result = forecastResult(input);
  forecasts.latest = { at, result };
  kept.keep(live, result, at);
  return result;
}

/** Brings the sample up to date with what a fold changed. */
export function refreshSample(live: LiveCampaign, changes: Changes): void {
  const { sample } = live.forecasts;
  if (sample === null) return;
  const contacts = new Map(changes.contacts.map((contact) => [contact.key, contact]));
  for (const row of changes.removedCalls) sample.delete(row);
  for (const row of changes.calls) {
    const call = sampleCall({ row, contact: contacts.get(row.contact ?? '') });
    if (call) sample.set(row.row, call);
  }
  if (sample.size <= 2 * SAMPLE_CALLS) return;
  live.forecasts.sample = newestOf(sample);
}

function loadSample(live: LiveCampaign, rows: CallRows): Map<string, SampleCall> {
  const calls = rows.newest(live.key, SAMPLE_CALLS);
  const contacts = contactsOf(live, rows, calls);
  const sample = new Map<string, SampleCall>();
  for (const row of calls) {
    const call = sampleCall({ row, contact: contacts.get(row.contact ?? '') });
    if (call) sample.set(row.row, call);
  }
  return sample;
}

function newestOf(sample: ReadonlyMap<string, SampleCall>): Map<string, SampleCall> {
  const newest = [...sample].sort(([x, a], [y, b]) => b.endedAt - a.endedAt || (x < y ? -1 : 1));
  return new Map(newest.slice(0, SAMPLE_CALLS));
}

function contactsOf(live: LiveCampaign, rows: CallRows, calls: readonly CallRow[]): Map<string, Contact> {
  const keys = [...new Set(calls.flatMap(({ contact }) => contact ?? []))];
  const { contacts } = rows.read(live.key, { aliases: [], rows: [], numbers: [], contacts: keys });
  return new Map(contacts.map((contact) => [contact.key, contact]));
}
