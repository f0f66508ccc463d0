import { createHash } from 'node:crypto';
import { iso, percent, TICK_MS } from '@ringside/core';
import type { CampaignSummary, Overview } from '@ringside/protocol';
import { alone, type Freshness } from '../bus/watch.ts';
import type { Touched } from '../ingest/receipt.ts';
import { SharedRuns } from '../shared-runs.ts';
import { MOST_CAMPAIGNS } from '../store/limits.ts';
import { maskSummary } from '../store/mask-campaign.ts';
import type { Store, SummaryRow } from '../store/store.ts';

/** An overview ready to be sent. */
export interface ServedOverview {
  readonly overview: Overview;
  readonly etag: string;
  readonly body: Buffer;
}

/** Campaigns that are evaluated at once: some tens of milliseconds in which the store applies no events. */
const CHUNK = 100;

interface Known {
  readonly rows: Map<string, SummaryRow>;
  /** See {@link OverviewService.touch}. */
  readonly touched: Set<string>;
  tick: number;
  overview: Overview | null;
  served: ServedOverview | null;
}

/**
 * Every campaign of a workspace in one object. Only what changed since the last reader is evaluated again. All readers
 * share it, so it shows phone numbers to none.
 */
export class OverviewService {
  readonly #store: Pick<Store, 'summaries'>;
  readonly #now: () => number;
  readonly #freshness: Freshness;
  readonly #known = new Map<string, Known>();
  readonly #runs = new Map<string, SharedRuns<Known>>();
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
    return currentOf(await this.#current(workspace), this.#now());
  }

  /** The same as bytes: one serialisation for all who ask. */
  async serve(workspace: string): Promise<ServedOverview> {
    const known = await this.#current(workspace);
    const overview = currentOf(known, this.#now());
    if (known.served?.overview !== overview) {
      const body = Buffer.from(JSON.stringify(overview));
      known.served = { overview, body, etag: `"${overview.revision}"` };
    }
    return known.served;
  }

  #current(workspace: string): Promise<Known> {
    const runs = this.#runs.get(workspace) ?? new SharedRuns(() => this.#bringUpToDate(workspace));
    this.#runs.set(workspace, runs);
    return runs.run();
  }

  async #bringUpToDate(workspace: string): Promise<Known> {
    const now = this.#now();
    await this.#freshness.freshen(workspace);
    const known = this.#known.get(workspace) ?? (await this.#readAll(workspace, now));
    await this.#readChanged(workspace, known, now);
    return known;
  }

  /** A commit during the first read may not be in what was read: it is noted from before. */
  async #readAll(workspace: string, now: number): Promise<Known> {
    const touched = new Set<string>();
    this.#touched.set(workspace, touched);
    const rows = (await this.#store.summaries(workspace, { newest: MOST_CAMPAIGNS }, now)).map(withoutNumbers);
    const known = {
      rows: new Map(rows.map((row) => [row.id, row])),
      touched,
      tick: tickOf(now),
      overview: null,
      served: null,
    };
    this.#known.set(workspace, known);
    return known;
  }

  async #readChanged(workspace: string, known: Known, now: number): Promise<void> {
    const ids = new Set(known.touched);
    if (known.tick !== tickOf(now)) {
      for (const { id, summary } of known.rows.values()) if (!summary.revision.endsWith('.idle')) ids.add(id);
      known.tick = tickOf(now);
    }
    if (ids.size === 0) return;
    known.touched.clear();
    const left = [...ids];
    while (left.length > 0) {
      const chunk = left.slice(0, CHUNK);
      const rows = await this.#store.summaries(workspace, { ids: chunk }, now).catch((error: unknown) => {
        // No commit announces them again.
        for (const id of left) known.touched.add(id);
        throw error;
      });
      for (const row of rows) known.rows.set(row.id, withoutNumbers(row));
      left.splice(0, chunk.length);
    }
    for (const id of oldestBeyond(known.rows, MOST_CAMPAIGNS)) known.rows.delete(id);
    known.overview = null;
  }
}

/** The overview of the rows; it keeps its moment until a row changes. */
function currentOf(known: Known, now: number): Overview {
  known.overview ??= overviewOf(known.rows, now);
  return known.overview;
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
