import type { FastifyBaseLogger } from 'fastify';
import type { Effects } from '../effects.ts';
import type { Touched } from '../ingest/receipt.ts';
import type { CampaignRef, SharedStore } from '../store/among-nodes.ts';
import { type Bus, type Topic, topicOfCampaign, topicOfWorkspace } from './bus.ts';

/** Whether what this node has in memory still holds, though other nodes write too. */
export interface Freshness {
  /** Somebody reads a report. @returns false when it must be read from the store first */
  isCurrent(workspace: string, campaignId: string): boolean;
  /** A report was read from the store. @param at when that began, of the clock that only goes forward */
  loaded(touched: Touched, at: number): void;
  /** Somebody reads an overview: fulfils when everybody was told which of its campaigns changed. */
  freshen(workspace: string): Promise<void>;
  /** A first viewer came, the last one left; without a campaign: of the overview. */
  viewed(workspace: string, campaignId: string | null): void;
  left(workspace: string, campaignId: string | null): void;
}

/** For a node that is alone with its store: whatever changes, it changed itself. */
export const alone: Freshness = {
  isCurrent: () => true,
  loaded: () => {},
  freshen: async () => {},
  viewed: () => {},
  left: () => {},
};

interface Followed {
  readonly topic: Topic;
  readonly workspace: string;
  /** `null`: all campaigns of the workspace. */
  readonly campaignId: string | null;
  isViewed: boolean;
  /** When it was last polled; this and what follows of the clock that only goes forward. */
  askedAt: number;
  /** Up to when nothing that changed is unknown here. */
  confirmedAt: number;
  /** By campaign id. */
  readonly versions: Map<string, number>;
}

export interface WatchParts {
  readonly shared: Pick<SharedStore, 'versions' | 'newestVersions'>;
  readonly bus: Bus;
  readonly effects: Pick<Effects, 'monotonic' | 'sleep'>;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
  /** Campaigns of an overview. */
  readonly mostOfWorkspace: number;
}

/** So often a node looks itself: a message that the bus lost is made good for within this time. */
const LOOK_EVERY_MS = 2_000;
/** Longer than a look is late when all goes well; then whoever asks reads the store. */
const HOLDS_MS = 3_000;
/** What nobody asked about for so long, and nobody views, is not followed any more. */
const FORGOTTEN_AFTER_MS = 10_000;

/**
 * Follows what somebody looks at on this node: hears from the bus what other nodes commit, and looks at the versions in
 * the store besides. Nothing is kept about campaigns at which nobody looks.
 */
export class Watch implements Freshness {
  readonly #parts: WatchParts;
  readonly #followed = new Map<string, Followed>();
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #isDown = false;
  #changed: (touched: readonly Touched[]) => void = () => {};

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** @param changed tells caches and viewers of this node */
  start(changed: (touched: readonly Touched[]) => void): void {
    this.#changed = changed;
    this.#parts.bus.start(changed);
    this.#running = this.#loop(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#running, this.#parts.bus.stop()]);
  }

  isCurrent(workspace: string, campaignId: string): boolean {
    const clock = this.#parts.effects.monotonic();
    const followed = this.#follow(workspace, campaignId);
    followed.askedAt = clock;
    return clock - followed.confirmedAt < HOLDS_MS;
  }

  loaded({ workspace, campaignId, version }: Touched, at: number): void {
    const followed = this.#followed.get(keyOf(workspace, campaignId));
    if (!followed || at < followed.confirmedAt) return;
    followed.confirmedAt = at;
    followed.versions.set(campaignId, version);
  }

  async freshen(workspace: string): Promise<void> {
    const { effects } = this.#parts;
    const followed = this.#follow(workspace, null);
    followed.askedAt = effects.monotonic();
    if (effects.monotonic() - followed.confirmedAt >= HOLDS_MS) await this.#lookAtWorkspaces([followed]);
  }

  viewed(workspace: string, campaignId: string | null): void {
    this.#follow(workspace, campaignId).isViewed = true;
  }

  left(workspace: string, campaignId: string | null): void {
    const followed = this.#followed.get(keyOf(workspace, campaignId));
    if (followed) followed.isViewed = false;
  }

  /** How many campaigns and overviews are followed. */
  get size(): number {
    return this.#followed.size;
  }

  #follow(workspace: string, campaignId: string | null): Followed {
    const key = keyOf(workspace, campaignId);
    const known = this.#followed.get(key);
    if (known) return known;
    const topic = campaignId === null ? topicOfWorkspace(workspace) : topicOfCampaign({ workspace, campaignId });
    const followed: Followed = {
      ...{ topic, workspace, campaignId, isViewed: false },
      ...{ askedAt: this.#parts.effects.monotonic(), confirmedAt: Number.NEGATIVE_INFINITY, versions: new Map() },
    };
    this.#followed.set(key, followed);
    this.#parts.bus.follow(topic);
    return followed;
  }

  async #loop(signal: AbortSignal): Promise<void> {
    const { effects, log } = this.#parts;
    for (;;) {
      await effects.sleep(LOOK_EVERY_MS, signal);
      if (signal.aborted) return;
      try {
        await this.#look();
        this.#isDown = false;
      } catch (error) {
        if (!this.#isDown) log.warn({ err: error }, 'what other nodes commit cannot be seen now');
        this.#isDown = true;
      }
    }
  }

  async #look(): Promise<void> {
    this.#forget();
    const all = [...this.#followed.values()];
    await Promise.all([
      this.#lookAtCampaigns(all.filter(({ campaignId }) => campaignId !== null)),
      this.#lookAtWorkspaces(all.filter(({ campaignId }) => campaignId === null)),
    ]);
  }

  #forget(): void {
    const since = this.#parts.effects.monotonic() - FORGOTTEN_AFTER_MS;
    for (const [key, { isViewed, askedAt, topic }] of this.#followed) {
      if (isViewed || askedAt >= since) continue;
      this.#followed.delete(key);
      this.#parts.bus.unfollow(topic);
    }
  }

  async #lookAtCampaigns(followed: readonly Followed[]): Promise<void> {
    if (followed.length === 0) return;
    const { shared, effects } = this.#parts;
    const at = effects.monotonic();
    const refs = followed.map(
      ({ workspace, campaignId }): CampaignRef => ({ workspace, campaignId: campaignId ?? '' }),
    );
    const found = new Map(
      (await shared.versions(refs)).map((one) => [keyOf(one.workspace, one.campaignId), one] as const),
    );
    for (const one of followed) {
      const stored = found.get(keyOf(one.workspace, one.campaignId));
      this.#confirm(one, stored ? [stored] : [], at);
    }
  }

  async #lookAtWorkspaces(followed: readonly Followed[]): Promise<void> {
    if (followed.length === 0) return;
    const { shared, effects, mostOfWorkspace } = this.#parts;
    const at = effects.monotonic();
    const found = await shared.newestVersions(
      followed.map(({ workspace }) => workspace),
      mostOfWorkspace,
    );
    for (const one of followed) {
      this.#confirm(
        one,
        found.filter(({ workspace }) => workspace === one.workspace),
        at,
      );
    }
  }

  #confirm(followed: Followed, stored: readonly Touched[], at: number): void {
    const changed = stored.filter(({ campaignId, version }) => followed.versions.get(campaignId) !== version);
    for (const { campaignId, version } of changed) followed.versions.set(campaignId, version);
    if (changed.length > 0) this.#changed(changed);
    followed.confirmedAt = Math.max(followed.confirmedAt, at);
  }
}

function keyOf(workspace: string, campaignId: string | null): string {
  return campaignId === null ? workspace : `${workspace}\0${campaignId}`;
}
