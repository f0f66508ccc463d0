import { TICK_MS } from '@ringside/core';
import type { Report } from '@ringside/protocol';
import type { MaskClass } from '../access/principal.ts';
import { alone, type Freshness } from '../bus/watch.ts';
import { type Effects, instantOf } from '../effects.ts';
import type { Touched } from '../ingest/receipt.ts';
import { MOST_RECENT } from '../store/limits.ts';
import { maskReport } from '../store/mask-campaign.ts';
import type { Store } from '../store/store.ts';

/** A report ready to be sent. */
export interface ServedReport {
  readonly report: Report;
  readonly etag: string;
  readonly body: Buffer;
}

interface Entry {
  /** With as many calls as anybody may ask for. */
  readonly report: Report;
  /** The tick for which it was evaluated; `null`: the clock alone cannot change it. */
  readonly tick: number | null;
  stale: boolean;
  /** By number of calls and mask class, see {@link variantOf}. */
  readonly served: Map<number, ServedReport>;
}

const MOST_ENTRIES = 2_000;

/**
 * Reports as they are now, one evaluation and one serialisation for all who ask: per revision, mask class and number
 * of calls. A commit makes an entry stale; a tick ends it.
 */
export class ReportCache {
  readonly #store: Pick<Store, 'report'>;
  readonly #effects: Pick<Effects, 'now' | 'monotonic'>;
  readonly #freshness: Freshness;
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new Map<string, Promise<Entry | null>>();
  #hits = 0;
  #misses = 0;

  constructor(store: Pick<Store, 'report'>, effects: Pick<Effects, 'now' | 'monotonic'>, freshness: Freshness = alone) {
    this.#store = store;
    this.#effects = effects;
    this.#freshness = freshness;
  }

  /** What a commit changed is evaluated again when somebody asks. */
  touch(touched: readonly Touched[]): void {
    for (const { workspace, campaignId } of touched) {
      const key = keyOf(workspace, campaignId);
      const entry = this.#entries.get(key);
      if (entry) entry.stale = true;
      this.#loading.delete(key);
    }
  }

  /** The report, or `null` for an unknown campaign. @param recent 0 to 100 */
  async get(workspace: string, campaignId: string, recent: number, mask: MaskClass): Promise<ServedReport | null> {
    return this.peek(workspace, campaignId, recent, mask) ?? this.#load(workspace, campaignId, recent, mask);
  }

  /** The report if it is at hand and current. */
  peek(workspace: string, campaignId: string, recent: number, mask: MaskClass): ServedReport | null {
    const holds = this.#freshness.isCurrent(workspace, campaignId);
    const entry = this.#entries.get(keyOf(workspace, campaignId));
    if (!entry || !holds || !this.#isCurrent(entry)) return null;
    this.#hits += 1;
    return serve(entry, recent, mask);
  }

  /** How many readings found a report at hand since the start, and how many had to wait for one. */
  counts(): { readonly hits: number; readonly misses: number } {
    return { hits: this.#hits, misses: this.#misses };
  }

  async #load(workspace: string, campaignId: string, recent: number, mask: MaskClass): Promise<ServedReport | null> {
    this.#misses += 1;
    const key = keyOf(workspace, campaignId);
    let loading = this.#loading.get(key);
    if (!loading) {
      const own: Promise<Entry | null> = this.#evaluate(workspace, campaignId).then((entry) => {
        // A commit in the meantime has taken this load out: what it found serves those who asked, but is not kept.
        const overtaken = this.#loading.get(key) !== own;
        if (!overtaken) this.#loading.delete(key);
        if (entry && !overtaken) this.#keep(key, entry);
        return entry;
      });
      loading = own;
      this.#loading.set(key, own);
      own.catch(() => this.#loading.delete(key));
    }
    const entry = await loading;
    return entry && serve(entry, recent, mask);
  }

  async #evaluate(workspace: string, campaignId: string): Promise<Entry | null> {
    const { now, clock } = instantOf(this.#effects);
    const stored = await this.#store.report(workspace, campaignId, MOST_RECENT, now);
    if (!stored) return null;
    const { report, version } = stored;
    this.#freshness.loaded({ workspace, campaignId, version }, clock);
    const tick = report.revision.endsWith('.idle') ? null : tickOf(now);
    const known = this.#entries.get(keyOf(workspace, campaignId));
    const served = known?.report.revision === report.revision ? known.served : new Map<number, ServedReport>();
    return { report, tick, stale: false, served };
  }

  #keep(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size > MOST_ENTRIES) this.#entries.delete(this.#entries.keys().next().value ?? key);
  }

  #isCurrent(entry: Entry): boolean {
    return !entry.stale && (entry.tick === null || entry.tick === tickOf(this.#effects.now()));
  }
}

function tickOf(now: number): number {
  return Math.floor(now / TICK_MS);
}

function serve(entry: Entry, recent: number, mask: MaskClass): ServedReport {
  const variant = variantOf(recent, mask);
  const known = entry.served.get(variant);
  if (known) return known;
  const whole = { ...entry.report, recentActivity: entry.report.recentActivity.slice(0, recent) };
  const report = mask === 'full' ? whole : maskReport(whole);
  const body = Buffer.from(JSON.stringify(report));
  const served = { report, body, etag: `"${report.revision}.${mask === 'full' ? 'f' : 'm'}${recent}"` };
  entry.served.set(variant, served);
  return served;
}

function variantOf(recent: number, mask: MaskClass): number {
  return mask === 'full' ? recent : -1 - recent;
}

function keyOf(workspace: string, campaignId: string): string {
  return `${workspace}\0${campaignId}`;
}
