import { createHash } from 'node:crypto';
import { iso, percent, TICK_MS } from '@ringside/core';
import type { CampaignSummary, Overview } from '@ringside/protocol';
import { alone, type Freshness } from '../bus/watch.ts';
import type { Touched } from '../ingest/receipt.ts';
import { MOST_CAMPAIGNS } from '../store/limits.ts';
import { maskSummary } from '../store/mask-campaign.ts';
import type { Store, SummaryRow } from '../store/store.ts';

interface Known {
  readonly rows: Map<string, SummaryRow>;
  /** See {@link OverviewService.touch}. */
  readonly touched: Set<string>;
  tick: number;
  overview: Overview | null;
  /** The last look at what changed. */
  reading: Promise<void>;
}

/**
 * Every campaign of a workspace in one object. Only what changed since the last reader is evaluated again. All readers
 * share it, so it shows phone numbers to none.
 */
export class OverviewService {
  readonly #store: Pick<Store, 'summaries'>;
  readonly #now: () => number;
  readonly #freshness: Freshness;
  readonly #known = new Map<string, Promise<Known>>();
  /** Campaigns that a commit changed since they were last read, or since all are being read. */
  readonly #touched = new Map<string, Set<string>>();

  constructor(store: Pick<Store, 'summaries'>, now: () => number, freshness: Freshness = alone) {
    this.#store = store;
    this.#now = now;
    this.#freshness = freshness;
  }

  touch(touched: readonly Touched[]): void {
    for (const { workspace, campaignId } of touched) this.#touched.get(workspace)?.add(campaignId);
  }

  async read(workspace: string): Promise<Overview> {
    const now = this.#now();
    await this.#freshness.freshen(workspace);
    const known = await (this.#known.get(workspace) ?? this.#load(workspace, now));
    // One after the other: a read that begins while another looks up a change must show it too.
    known.reading = known.reading.catch(() => {}).then(() => this.#readChanged(workspace, known, now));
    await known.reading;
    known.overview ??= overviewOf(known.rows, now);
    return known.overview;
  }

  /** A commit during the first read may not be in what was read: it is noted from before. */
  #load(workspace: string, now: number): Promise<Known> {
    const touched = new Set<string>();
    this.#touched.set(workspace, touched);
    const loading = this.#readAll(workspace, touched, now);
    this.#known.set(workspace, loading);
    loading.catch(() => this.#known.delete(workspace));
    return loading;
  }

  async #readAll(workspace: string, touched: Set<string>, now: number): Promise<Known> {
    const rows = (await this.#store.summaries(workspace, { newest: MOST_CAMPAIGNS }, now)).map(withoutNumbers);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return { rows: byId, touched, tick: tickOf(now), overview: null, reading: Promise.resolve() };
  }

  async #readChanged(workspace: string, known: Known, now: number): Promise<void> {
    const ids = new Set(known.touched);
    if (known.tick !== tickOf(now)) {
      for (const { id, summary } of known.rows.values()) if (!summary.revision.endsWith('.idle')) ids.add(id);
      known.tick = tickOf(now);
    }
    if (ids.size === 0) return;
    known.touched.clear();
    const rows = await this.#store.summaries(workspace, { ids: [...ids] }, now).catch((error: unknown) => {
      // Nobody tells of them again.
      for (const id of ids) known.touched.add(id);
      throw error;
    });
    for (const row of rows) known.rows.set(row.id, withoutNumbers(row));
    for (const id of oldestBeyond(known.rows, MOST_CAMPAIGNS)) known.rows.delete(id);
    known.overview = null;
  }
}

function withoutNumbers(row: SummaryRow): SummaryRow {
  return { ...row, summary: maskSummary(row.summary) };
}

function tickOf(now: number): number {
  return Math.floor(now / TICK_MS);
}

function oldestBeyond(rows: ReadonlyMap<string, SummaryRow>, most: number): string[] {
  if (rows.size <= most) return [];
  const newestFirst = [...rows.values()].sort((a, b) => b.createdAt - a.createdAt);
  return newestFirst.slice(most).map(({ id }) => id);
}

function overviewOf(rows: ReadonlyMap<string, SummaryRow>, now: number): Overview {
  const newestFirst = [...rows.values()].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
  const revisions = newestFirst.map(({ id, summary }) => `${id} ${summary.revision}`).join('\n');
  return {
    revision: createHash('sha256').update(revisions).digest('base64url').slice(0, 12),
    asOf: iso(now),
    totals: totalsOf(newestFirst),
    campaigns: Object.fromEntries(newestFirst.map(({ id, summary }) => [id, summary])),
  };
}

function totalsOf(rows: readonly SummaryRow[]): Overview['totals'] {
  const sum = (of: (row: SummaryRow) => number): number => rows.reduce((so, row) => so + of(row), 0);
  const progress = (of: (progress: CampaignSummary['progress']) => number) =>
    sum(({ summary }) => of(summary.progress));
  const leads = (of: (leads: CampaignSummary['leads']) => number) => sum(({ summary }) => of(summary.leads));
  const answered = sum((row) => row.answered);
  const ended = sum((row) => row.ended);
  return {
    campaigns: rows.length,
    running: rows.filter(({ summary }) => summary.status === 'running').length,
    totalCalls: progress((p) => p.totalCalls),
    completedCalls: progress((p) => p.completedCalls),
    failedCalls: progress((p) => p.failedCalls),
    remainingCalls: progress((p) => p.remainingCalls),
    attempts: progress((p) => p.attempts),
    activeCalls: sum(({ summary }) => summary.callMetrics.activeCalls),
    answered,
    ended,
    answerRate: percent(answered, ended),
    leads: {
      hot: leads((l) => l.hot),
      warm: leads((l) => l.warm),
      cold: leads((l) => l.cold),
      'no-answer': leads((l) => l['no-answer']),
      unscored: leads((l) => l.unscored),
    },
  };
}
