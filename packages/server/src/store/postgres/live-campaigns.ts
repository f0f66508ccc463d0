import {
  addRollup,
  type CampaignState,
  type Changes,
  emptyRollup,
  newCampaignState,
  type Rollup,
  rollupFromData,
} from '@ringside/core';
import type { CampaignMemory } from '../campaign-memory.ts';
import { noForecasts, refreshSample } from '../forecasting.ts';
import { refreshRecent } from '../recent-calls.ts';
import type { Session } from './session.ts';

/** A campaign as this node read it last. Whether that still holds, its version in the store tells. */
export interface LiveCampaign extends CampaignMemory {
  readonly workspace: string;
  readonly campaignId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Version that last changed what is said of the campaign itself. */
  recordVersion: number;
  usedAt: number;
}

/** Which campaign, wherever it is. */
export type CampaignName = Pick<LiveCampaign, 'key' | 'workspace' | 'campaignId'>;

/** A campaign after a transaction of this node. */
export interface Committed extends Pick<LiveCampaign, 'createdAt' | 'recordVersion'> {
  readonly name: CampaignName;
  /** Version before. */
  readonly from: number;
  readonly state: CampaignState;
  readonly delta: Rollup;
  /** `null`: calls changed that the feed and the sample may hold. */
  readonly changes: Changes | null;
}

interface SinceRow {
  readonly version: number;
  readonly record_version: number;
  readonly first_at: number | null;
  readonly last_at: number | null;
  readonly first_call_at: number | null;
  readonly totals: string;
  readonly minutes: string | null;
  readonly workspace: string;
  readonly campaign_id: string;
  readonly created_at: number;
  readonly record: string | null;
}

const IDLE_MS = 10 * 60_000;

/**
 * Campaigns that this node has in memory, for reading. Other nodes write too, so each look begins with the version in
 * the store; where that moved on, only what changed since is read. What this node commits itself is added at once.
 */
export class LiveCampaigns {
  readonly #live = new Map<string, LiveCampaign>();
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** What is in memory, current or not. */
  peek(key: string): LiveCampaign | null {
    return this.#live.get(key) ?? null;
  }

  /** A campaign as it stands in the store, or `null`. */
  async get(key: string, now: number): Promise<LiveCampaign | null> {
    return (await this.many([key], now)).get(key) ?? null;
  }

  /** Campaigns as they stand in the store; unknown ones are left out. */
  async many(keys: readonly string[], now: number): Promise<ReadonlyMap<string, LiveCampaign>> {
    const before = new Map(keys.map((key) => [key, this.#live.get(key)?.state.version ?? 0]));
    const versions = await this.#session.rows<{ campaign_key: string; version: number }>('versions', keys);
    const found = await Promise.all(
      versions.map(async ({ campaign_key: key, version }) => {
        // Only a store that was set back has less than this node had seen before it asked: nothing here holds any more.
        if (version < (before.get(key) ?? 0)) this.#live.delete(key);
        const known = this.#live.get(key);
        return known && known.state.version >= version ? known : this.#load(key);
      }),
    );
    const campaigns = found.filter((live) => live !== null);
    for (const live of campaigns) live.usedAt = now;
    return new Map(campaigns.map((live) => [live.key, live]));
  }

  /** Takes over what this node committed, unless what it has is of another version than that began with. */
  commit({ name, from, createdAt, recordVersion, state, delta, changes }: Committed, now: number): void {
    const live = from === 0 ? blank(name, createdAt) : this.#live.get(name.key);
    if (live?.state.version !== from) return;
    live.state = state;
    live.recordVersion = recordVersion;
    live.usedAt = now;
    addRollup(live.rollup, delta);
    if (changes) {
      refreshRecent(live, changes);
      refreshSample(live, changes);
    } else {
      live.recent = null;
      live.forecasts.sample = null;
    }
    this.#live.set(name.key, live);
  }

  /** Forgets campaigns that nobody used for a while. */
  evictIdle(now: number): void {
    for (const live of this.#live.values()) if (now - live.usedAt > IDLE_MS) this.#live.delete(live.key);
  }

  async #load(key: string): Promise<LiveCampaign | null> {
    const since = this.#live.get(key)?.state.version ?? 0;
    const row = await this.#session.row<SinceRow>('rollup-since', key, since);
    if (!row) return null;
    let live = this.#live.get(key);
    // Forgotten in the meantime: what did not change since is needed too.
    if (!live && since > 0) return this.#load(key);
    live ??= blank({ key, workspace: row.workspace, campaignId: row.campaign_id }, row.created_at);
    if (row.version > live.state.version) update(live, row);
    this.#live.set(key, live);
    return live;
  }
}

/** What stands in a row is absolute, so a row that overlaps with what is known already does no harm. */
function update(live: LiveCampaign, row: SinceRow): void {
  const { first_at: firstAt, last_at: lastAt, first_call_at: firstCallAt, version } = row;
  const campaign = row.record === null ? live.state.campaign : JSON.parse(row.record);
  live.state = { campaign, firstAt, lastAt, firstCallAt, version };
  live.recordVersion = row.record_version;
  const { totals, minutes } = rollupFromData({
    totals: JSON.parse(row.totals),
    minutes: row.minutes === null ? [] : JSON.parse(row.minutes),
  });
  live.rollup.totals.clear();
  for (const [name, count] of totals) live.rollup.totals.set(name, count);
  for (const [minute, counts] of minutes) {
    if (counts.size > 0) live.rollup.minutes.set(minute, counts);
    else live.rollup.minutes.delete(minute);
  }
  live.recent = null;
  live.forecasts.sample = null;
}

function blank({ key, workspace, campaignId }: CampaignName, createdAt: number): LiveCampaign {
  return {
    ...{ key, workspace, campaignId, createdAt },
    state: newCampaignState,
    rollup: emptyRollup(),
    recordVersion: 0,
    recent: null,
    forecasts: noForecasts(),
    usedAt: 0,
  };
}
