import { TICK_MS } from '@ringside/core';
import { alone, type Freshness } from '../bus/watch.ts';
import type { Touched } from '../ingest/receipt.ts';
import type { OverviewService } from '../reports/overview.ts';
import type { ReportCache } from '../reports/report-cache.ts';
import { CampaignTopic } from './campaign-topic.ts';
import { Conflater } from './conflater.ts';
import { OverviewTopic } from './overview-topic.ts';
import type { Subscriber } from './subscriber.ts';

/** A campaign's readers hear at most ten times a second, those of an overview once. */
const CAMPAIGN_EVERY_MS = 100;
const OVERVIEW_EVERY_MS = 1_000;

interface Watched<T> {
  readonly topic: T;
  readonly conflater: Conflater;
  /** Readers that wait for their first report: meanwhile the last one that leaves does not end the topic. */
  joining: number;
}

export type Topic = CampaignTopic | OverviewTopic;

/** Who watches what on this node. Only what somebody watches costs anything. */
export class LiveHub {
  readonly #reports: ReportCache;
  readonly #overviews: OverviewService;
  readonly #onError: (error: unknown) => void;
  readonly #freshness: Freshness;
  readonly #campaigns = new Map<string, Watched<CampaignTopic>>();
  readonly #workspaces = new Map<string, Watched<OverviewTopic>>();
  #ticking: NodeJS.Timeout | null = null;

  constructor(
    reports: ReportCache,
    overviews: OverviewService,
    onError: (error: unknown) => void,
    freshness: Freshness = alone,
  ) {
    this.#freshness = freshness;
    this.#reports = reports;
    this.#overviews = overviews;
    this.#onError = onError;
  }

  /** Starts the ticks in which reports change with time alone. */
  start(): void {
    const next = (): void => {
      // A little after the tick, so that the quantised clock has moved.
      this.#ticking = setTimeout(
        () => {
          for (const { conflater } of [...this.#campaigns.values(), ...this.#workspaces.values()]) conflater.request();
          next();
        },
        TICK_MS - (Date.now() % TICK_MS) + 5,
      );
    };
    next();
  }

  stop(): void {
    if (this.#ticking) clearTimeout(this.#ticking);
    for (const { conflater } of [...this.#campaigns.values(), ...this.#workspaces.values()]) conflater.stop();
    this.#campaigns.clear();
    this.#workspaces.clear();
  }

  /** What a commit changed. */
  touch(touched: readonly Touched[]): void {
    for (const { workspace, campaignId } of touched) {
      this.#campaigns.get(keyOf(workspace, campaignId))?.conflater.request();
      this.#workspaces.get(workspace)?.conflater.request();
    }
  }

  /** Lets a reader watch a campaign. @returns the topic, or `null` when there is no such campaign */
  async joinCampaign(workspace: string, campaignId: string, subscriber: Subscriber): Promise<CampaignTopic | null> {
    const key = keyOf(workspace, campaignId);
    const watched = this.#campaigns.get(key) ?? this.#watchCampaign(key, workspace, campaignId);
    let found = false;
    try {
      found = await joining(watched, () => watched.topic.join(subscriber));
    } finally {
      if (!found) this.leaveCampaign(workspace, campaignId, subscriber);
    }
    return found ? watched.topic : null;
  }

  leaveCampaign(workspace: string, campaignId: string, subscriber: Subscriber): void {
    const isEmpty = leave(this.#campaigns, keyOf(workspace, campaignId), subscriber);
    if (isEmpty) this.#freshness.left(workspace, campaignId);
  }

  async joinOverview(workspace: string, subscriber: Subscriber): Promise<OverviewTopic> {
    const watched = this.#workspaces.get(workspace) ?? this.#watchOverview(workspace);
    try {
      await joining(watched, () => watched.topic.join(subscriber));
    } catch (error) {
      this.leaveOverview(workspace, subscriber);
      throw error;
    }
    return watched.topic;
  }

  leaveOverview(workspace: string, subscriber: Subscriber): void {
    if (leave(this.#workspaces, workspace, subscriber)) this.#freshness.left(workspace, null);
  }

  #watchCampaign(key: string, workspace: string, campaignId: string): Watched<CampaignTopic> {
    const topic = new CampaignTopic(campaignId, (recent, mask) =>
      this.#reports.get(workspace, campaignId, recent, mask),
    );
    const watched = {
      topic,
      conflater: new Conflater(CAMPAIGN_EVERY_MS, () => topic.refresh(), this.#onError),
      joining: 0,
    };
    this.#campaigns.set(key, watched);
    this.#freshness.viewed(workspace, campaignId);
    return watched;
  }

  #watchOverview(workspace: string): Watched<OverviewTopic> {
    const topic = new OverviewTopic(() => this.#overviews.read(workspace));
    const watched = {
      topic,
      conflater: new Conflater(OVERVIEW_EVERY_MS, () => topic.refresh(), this.#onError),
      joining: 0,
    };
    this.#workspaces.set(workspace, watched);
    this.#freshness.viewed(workspace, null);
    return watched;
  }
}

async function joining<T>(watched: Watched<Topic>, join: () => Promise<T>): Promise<T> {
  watched.joining += 1;
  try {
    return await join();
  } finally {
    watched.joining -= 1;
  }
}

/** @returns whether that was the last one */
function leave(topics: Map<string, Watched<Topic>>, key: string, subscriber: Subscriber): boolean {
  const watched = topics.get(key);
  watched?.topic.leave(subscriber);
  if (watched?.topic.size !== 0 || watched.joining > 0) return false;
  watched.conflater.stop();
  topics.delete(key);
  return true;
}

function keyOf(workspace: string, campaignId: string): string {
  return `${workspace}\0${campaignId}`;
}
