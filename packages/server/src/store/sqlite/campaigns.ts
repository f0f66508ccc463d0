import {
  addRollup,
  type CampaignState,
  emptyRollup,
  newCampaignState,
  type Rollup,
  type RollupData,
  rollupFromData,
  rollupToData,
} from '@ringside/core';
import { campaignKey } from '../campaign-key.ts';
import type { CampaignMemory } from '../campaign-memory.ts';
import { noForecasts } from '../forecasting.ts';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

/** A campaign in memory: its own record, its rollup, and what of it is not yet written whole. */
export interface LiveCampaign extends CampaignMemory {
  readonly workspace: string;
  readonly campaignId: string;
  readonly createdAt: number;
  /** Minutes whose counts changed since they were last written. */
  readonly dirtyMinutes: Set<number>;
  /** First log entry that the written rollup does not include; `null` when it includes all. */
  dirtySince: number | null;
  usedAt: number;
}

/** What one commit did to one campaign, as the log keeps it. */
interface LogEntry {
  readonly key: string;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly firstCallAt: number | null;
  readonly version: number;
  readonly delta: RollupData;
}

const FLUSH_PER_COMMIT = 16;
const LOG_ENTRIES_BEFORE_FLUSH = 64;
const IDLE_MS = 10 * 60_000;

/**
 * The campaigns in use. Rollups live in memory; each commit appends only its differences to a log, and the whole sums
 * are written a few at a time. So the cost of an event does not grow with the number of active campaigns. After a
 * crash the log is added to the sums that were written.
 */
export class LiveCampaigns {
  readonly #live = new Map<string, LiveCampaign>();
  /** Campaigns whose written sums are behind, longest behind first. */
  readonly #dirty = new Map<string, LiveCampaign>();
  readonly #sql;
  #logId = 0;

  constructor(db: Database) {
    this.#sql = {
      byKey: db.prepare(sqlText('campaign-by-key')),
      buckets: db.prepare(sqlText('buckets-of-campaign')),
      putCampaign: db.prepare(sqlText('campaign-put')),
      putRollup: db.prepare(sqlText('rollup-put')),
      putBucket: db.prepare(sqlText('bucket-put')),
      removeBucket: db.prepare(sqlText('bucket-remove')),
      newest: db.prepare(
        'SELECT campaign_key AS key, campaign_id AS campaignId FROM campaigns WHERE workspace = ? ORDER BY created_at DESC LIMIT ?',
      ),
      appendLog: db.prepare(sqlText('rollup-log-append')),
      cutLog: db.prepare('DELETE FROM rollup_log WHERE id < ?'),
      unregistered: db.prepare('SELECT count(*) AS n FROM campaigns WHERE workspace = ? AND registered = 0'),
      lastLogId: db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'rollup_log'"),
      readLog: db.prepare('SELECT id, entries FROM rollup_log ORDER BY id'),
    };
    this.#replayLog();
  }

  /** A campaign of the store, or `null`. */
  get(key: string, now: number): LiveCampaign | null {
    const known = this.#live.get(key) ?? this.#load(key);
    if (known) known.usedAt = now;
    return known;
  }

  /** Campaigns in memory, of one workspace. */
  ofWorkspace(workspace: string): LiveCampaign[] {
    return [...this.#live.values()].filter((live) => live.workspace === workspace);
  }

  /** Stored campaigns of a workspace, newest first, whether in memory or not. */
  newestOf(workspace: string, most: number): { readonly key: string; readonly campaignId: string }[] {
    return this.#sql.newest.all(workspace, most) as { key: string; campaignId: string }[];
  }

  /** A campaign that is not stored yet. It becomes known only with {@link commit}. */
  create(workspace: string, campaignId: string, now: number): LiveCampaign {
    const key = campaignKey(workspace, campaignId);
    return { key, workspace, campaignId, createdAt: now, ...blank(), state: newCampaignState, usedAt: now };
  }

  /** Stored campaigns of a workspace that nobody registered. */
  countUnregistered(workspace: string): number {
    return (this.#sql.unregistered.get(workspace) as { n: number }).n;
  }

  /** Writes what one batch did; to be called inside the transaction. Memory follows with {@link commit}. */
  write(changes: readonly { live: LiveCampaign; state: CampaignState; delta: Rollup }[]): void {
    const entries: LogEntry[] = changes.map(({ live, state, delta }) => {
      const { firstAt, lastAt, firstCallAt, version } = state;
      if (state.campaign !== live.state.campaign || live.state.version === 0) this.#putCampaign(live, state);
      return { key: live.key, firstAt, lastAt, firstCallAt, version, delta: rollupToData(delta) };
    });
    this.#sql.appendLog.run(this.#logId + 1, JSON.stringify(entries));
  }

  /** Takes over what was committed. */
  commit(changes: readonly { live: LiveCampaign; state: CampaignState; delta: Rollup }[]): void {
    this.#logId += 1;
    for (const { live, state, delta } of changes) {
      live.state = state;
      addRollup(live.rollup, delta);
      for (const minute of delta.minutes.keys()) live.dirtyMinutes.add(minute);
      this.#live.set(live.key, live);
      this.#markDirty(live, this.#logId);
    }
  }

  /** True when enough has gathered in the log to write some sums along with the next commit. */
  get wantsFlush(): boolean {
    const oldest = this.#dirty.values().next().value;
    return oldest?.dirtySince != null && this.#logId - oldest.dirtySince > LOG_ENTRIES_BEFORE_FLUSH;
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0;
  }

  /**
   * Writes the sums of the campaigns that are longest behind; to be called inside a transaction.
   * @returns what to call once that transaction is committed
   */
  flush(most = FLUSH_PER_COMMIT): () => void {
    const behind = [...this.#dirty.values()];
    const written = behind.slice(0, most);
    for (const live of written) this.#writeSums(live);
    this.#sql.cutLog.run(behind[most]?.dirtySince ?? this.#logId + 1);
    return () => {
      for (const live of written) {
        live.dirtyMinutes.clear();
        live.dirtySince = null;
        this.#dirty.delete(live.key);
      }
    };
  }

  /** Forgets campaigns that nobody used for a while. */
  evictIdle(now: number): void {
    for (const live of this.#live.values()) {
      if (live.dirtySince === null && now - live.usedAt > IDLE_MS) this.#live.delete(live.key);
    }
  }

  #markDirty(live: LiveCampaign, logId: number): void {
    if (live.dirtySince !== null) return;
    live.dirtySince = logId;
    this.#dirty.set(live.key, live);
  }

  #writeSums(live: LiveCampaign): void {
    this.#putCampaign(live, live.state);
    const { totals } = rollupToData({ totals: live.rollup.totals, minutes: new Map() });
    this.#sql.putRollup.run(live.key, JSON.stringify(totals), this.#logId);
    for (const minute of live.dirtyMinutes) {
      const counts = live.rollup.minutes.get(minute);
      if (counts) this.#sql.putBucket.run(live.key, minute, JSON.stringify([...counts]));
      else this.#sql.removeBucket.run(live.key, minute);
    }
  }

  #putCampaign(live: LiveCampaign, state: CampaignState): void {
    const registered = state.campaign.registered ? 1 : 0;
    this.#sql.putCampaign.run(
      live.key,
      live.workspace,
      live.campaignId,
      live.createdAt,
      registered,
      JSON.stringify(state),
    );
  }

  #load(key: string): LiveCampaign | null {
    const row = this.#sql.byKey.get(key) as
      | { workspace: string; campaign_id: string; created_at: number; state: string; totals: string | null }
      | undefined;
    if (!row) return null;
    const minutes = this.#sql.buckets.all(key) as { minute: number; counts: string }[];
    const rollup = rollupFromData({
      totals: row.totals === null ? [] : JSON.parse(row.totals),
      minutes: minutes.map(({ minute, counts }) => [minute, JSON.parse(counts)]),
    });
    const live: LiveCampaign = {
      key,
      workspace: row.workspace,
      campaignId: row.campaign_id,
      createdAt: row.created_at,
      ...blank(),
      rollup,
      state: JSON.parse(row.state),
      usedAt: 0,
    };
    this.#live.set(key, live);
    return live;
  }

  #replayLog(): void {
    this.#logId = (this.#sql.lastLogId.get() as { seq: number } | undefined)?.seq ?? 0;
    for (const { id, entries } of this.#sql.readLog.all() as { id: number; entries: string }[]) {
      for (const entry of JSON.parse(entries) as LogEntry[]) this.#replay(id, entry);
    }
  }

  #replay(id: number, entry: LogEntry): void {
    const live = this.get(entry.key, 0);
    const included = (this.#sql.byKey.get(entry.key) as { included: number | null } | undefined)?.included ?? 0;
    if (!live || id <= included) return;
    const { firstAt, lastAt, firstCallAt, version } = entry;
    live.state = { ...live.state, firstAt, lastAt, firstCallAt, version };
    const delta = rollupFromData(entry.delta);
    addRollup(live.rollup, delta);
    for (const minute of delta.minutes.keys()) live.dirtyMinutes.add(minute);
    this.#markDirty(live, id);
  }
}

function blank(): Pick<LiveCampaign, 'rollup' | 'recent' | 'dirtyMinutes' | 'dirtySince' | 'forecasts'> {
  return { rollup: emptyRollup(), recent: null, dirtyMinutes: new Set(), dirtySince: null, forecasts: noForecasts() };
}
