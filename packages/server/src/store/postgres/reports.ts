import {
  type ForecastResult,
  LIVE_CALLS,
  type ReportInput,
  report,
  reportClock,
  SAMPLE_CALLS,
  total,
} from '@ringside/core';
import type { RecentCall } from '@ringside/protocol';
import { contactKeysOf, liveOf, type Sample, sampleOf } from '../forecast-sample.ts';
import { knownForecast, makeForecast } from '../forecasting.ts';
import { MOST_RECENT } from '../limits.ts';
import { feedOf } from '../recent-calls.ts';
import type { StoredReport, SummaryRow } from '../store.ts';
import { summaryOf } from '../summary.ts';
import { contactsByKeys, newestCalls, placedCalls, sampleCalls } from './call-rows.ts';
import type { LiveCampaign } from './live-campaigns.ts';
import type { Session } from './session.ts';

const FEED_TRIES = 5;

/** Makes reports of campaigns in memory. What they need of the calls is read once, and again when another node wrote. */
export class Reports {
  readonly #session: Session;
  readonly #epoch: string;

  constructor(session: Session, epoch: string) {
    this.#session = session;
    this.#epoch = epoch;
  }

  /** @param isListed it is one of many in a list */
  async report(live: LiveCampaign, recent: number, now: number, isListed = false): Promise<StoredReport> {
    const forecast = await this.#forecast(live, reportClock({ ...live, epoch: this.#epoch }, now).at, isListed);
    // Last, for it must be of the version that is told: what is served under a revision is kept for it.
    const feed = recent === 0 ? [] : await this.#feed(live, recent);
    // From here on nothing waits, so what is counted belongs together.
    const { campaignId, state, rollup } = live;
    const clock = reportClock({ state, rollup, epoch: this.#epoch }, now);
    const input: ReportInput = { campaignId, state, rollup, recentCalls: feed, epoch: this.#epoch, forecast };
    return { report: report(input, clock), version: state.version };
  }

  async summary(live: LiveCampaign, now: number): Promise<SummaryRow> {
    const summary = summaryOf((await this.report(live, 0, now, true)).report);
    const { campaignId: id, createdAt, rollup } = live;
    return { id, createdAt, summary, answered: total(rollup, 'answered'), ended: total(rollup, 'ended') };
  }

  /** What was read while the campaign changed may lack what that brought: it is read again, and not kept. */
  async #feed(live: LiveCampaign, count: number): Promise<RecentCall[]> {
    let feed = live.recent;
    for (let tries = 0; feed === null && tries < FEED_TRIES; tries += 1) {
      const { version } = live.state;
      const read = feedOf(await newestCalls(this.#session, live.key, MOST_RECENT), live.state);
      if (live.state.version === version) live.recent = read;
      // Of one that never rests the next revision is not far.
      feed = tries === FEED_TRIES - 1 ? (live.recent ?? read) : live.recent;
    }
    return (feed ?? []).slice(0, count).map(({ item }) => item);
  }

  async #forecast(live: LiveCampaign, at: number, isListed: boolean): Promise<ForecastResult> {
    const known = knownForecast(live, at, isListed);
    if (known) return known;
    const sample = live.forecasts.sample ?? (await this.#sample(live));
    const placed = await placedCalls(this.#session, live.key, LIVE_CALLS);
    const contacts = await contactsByKeys(this.#session, live.key, contactKeysOf(placed));
    return makeForecast(live, { sample, live: liveOf(placed, contacts) }, at);
  }

  async #sample(live: LiveCampaign): Promise<Sample> {
    const { version } = live.state;
    const ended = await sampleCalls(this.#session, live.key, SAMPLE_CALLS);
    const sample = sampleOf(ended, await contactsByKeys(this.#session, live.key, contactKeysOf(ended)));
    if (live.state.version === version) live.forecasts.sample = sample;
    return sample;
  }
}
