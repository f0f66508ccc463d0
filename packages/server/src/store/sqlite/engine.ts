import {
  type CampaignDelivery,
  type Campaign as DeclaredCampaign,
  fact,
  type ReportInput,
  report,
  reportClock,
  saidNow,
  standingOf,
  timelineOf,
  total,
  unknownCampaign,
} from '@ringside/core';
import {
  type Campaign,
  type CampaignCreate,
  type CampaignPatch,
  type CampaignSummary,
  defaultSettings,
  type Settings,
} from '@ringside/protocol';
import type { Controlled, ControlStep } from '../../control/control-step.ts';
import { decideStep } from '../../control/decide-step.ts';
import { factsDelivery } from '../../ingest/api-event.ts';
import type { Applied, Receipt, Touched } from '../../ingest/receipt.ts';
import { note } from '../access/audit.ts';
import { allErasures } from '../access/erasures.ts';
import type { AuditNote } from '../access/records.ts';
import { driveSteps } from '../access/steps.ts';
import type { AccessWorkName } from '../access/work.ts';
import { campaignKey } from '../campaign-key.ts';
import { campaignView } from '../campaign-view.ts';
import type { RetryRules } from '../contact-view.ts';
import { type DialCall, dialSteps } from '../dialing/work.ts';
import { type EventRow, eventPageOf, rowsOfPage, type TimelineQuery } from '../event-page.ts';
import { type CampaignPlace, encodeCursor, FIRST_PLACE } from '../page-cursor.ts';
import { ErasedNumbers } from '../privacy/erased-numbers.ts';
import { retryRulesOf } from '../retry-rules.ts';
import { sameFacts } from '../same-facts.ts';
import type {
  Begun,
  ErasureWish,
  ListQuery,
  Registration,
  StaleCursor,
  StalePage,
  StoredReport,
  SummaryChoice,
  SummaryRow,
  TimelinePage,
} from '../store.ts';
import { summaryOf } from '../summary.ts';
import { AccessTables } from './access-tables.ts';
import { type Apply, type ApplySettings, makeApply, type Tables } from './apply.ts';
import { Bases } from './bases.ts';
import { CallRows } from './call-rows.ts';
import { type LiveCampaign, LiveCampaigns } from './campaigns.ts';
import { epochOf } from './database.ts';
import { Erasing } from './erasing.ts';
import { forecastOf } from './forecasting.ts';
import { openOwnDatabase } from './lock.ts';
import { Nonces } from './nonces.ts';
import { type PackedBatch, unpackBatch } from './packed-batch.ts';
import { recentCalls } from './recent-calls.ts';
import { Rescoring } from './rescoring.ts';
import { Retention } from './retention.ts';
import { SettingsRows } from './settings-rows.ts';
import { sqlText } from './sql.ts';
import { StaleCalls } from './stale-calls.ts';
import { Unassigned } from './unassigned.ts';

export interface EngineSettings extends ApplySettings {
  readonly dataDir: string;
  /** 32 bytes. Tokens of erased numbers are made with it. */
  readonly secretKey: Uint8Array;
}

interface PageRow {
  readonly campaign_key: string;
  readonly created_at: number;
  readonly campaign_id: string;
}

/** The embedded store, synchronous; it lives in a worker thread. Its methods are those of `Store`. */
export class Engine {
  readonly apply: Apply;
  readonly #tables: Tables;
  readonly #epoch: string;
  readonly #closeDatabase: () => void;
  readonly #page;
  readonly #events;
  readonly #stale: StaleCalls;
  readonly #rescoring: Rescoring;
  readonly #retention: Retention;
  readonly #erasing: Erasing;
  readonly #foreignErasures: number;

  constructor(settings: EngineSettings) {
    const { db, close } = openOwnDatabase(settings.dataDir);
    this.#closeDatabase = close;
    const access = new AccessTables(db);
    this.#tables = {
      db,
      campaigns: new LiveCampaigns(db),
      rows: new CallRows(db),
      unassigned: new Unassigned(db),
      settings: new SettingsRows(db),
      access,
      nonces: new Nonces(db),
      bases: new Bases(db),
      erased: new ErasedNumbers(settings.secretKey),
    };
    const erasures = driveSteps(allErasures(), access.rows);
    const own = erasures.filter((erasure) => this.#tables.erased.isOwn(erasure));
    for (const erasure of own) this.#tables.erased.keep(erasure);
    this.#foreignErasures = erasures.length - own.length;
    this.#retention = new Retention(this.#tables);
    this.#erasing = new Erasing(this.#tables);
    this.#rescoring = new Rescoring(this.#tables);
    this.#epoch = epochOf(db);
    this.#page = db.prepare(sqlText('campaigns-page'));
    this.#events = db.prepare(sqlText('campaign-events-page'));
    this.#stale = new StaleCalls(db);
    this.apply = makeApply(this.#tables, settings);
  }

  /** {@link apply} as it is called from another thread. */
  applyPacked(batch: PackedBatch): Applied {
    const { receipts, texts } = unpackBatch(batch);
    return this.apply(receipts, texts);
  }

  register(workspace: string, wanted: CampaignCreate, actor: string, now: number, audit: AuditNote): Registration {
    const live = this.#find(workspace, wanted.id, now);
    if (live?.state.campaign.registered) {
      const outcome = sameFacts(live.state, wanted) ? 'same' : 'conflict';
      return { outcome, campaign: this.#view(live, now), applied: nothingApplied };
    }
    const moment = saidNow(live?.state.campaign ?? unknownCampaign, now);
    const delivery = factsDelivery(wanted, { ...moment, registers: true, actor });
    const applied = this.#declare(workspace, wanted.id, [delivery], audit);
    const made = this.#find(workspace, wanted.id, now);
    if (!made) return { outcome: 'too-many' };
    return { outcome: 'created', campaign: this.#view(made, now), applied };
  }

  patch(
    workspace: string,
    id: string,
    change: CampaignPatch,
    actor: string,
    now: number,
    audit: AuditNote,
  ): { campaign: Campaign; applied: Applied } | null {
    const live = this.#find(workspace, id, now);
    if (!live) return null;
    const delivery = factsDelivery(change, { ...saidNow(live.state.campaign, now), registers: false, actor });
    const applied = this.#declare(workspace, id, [delivery], audit);
    return { campaign: this.#view(live, now), applied };
  }

  control(workspace: string, id: string, step: ControlStep, now: number, audit: AuditNote | null): Controlled | null {
    const live = this.#find(workspace, id, now);
    if (!live) return null;
    const decided = decideStep(live, step, now);
    if (decided.outcome === 'refused') return decided;
    const deliveries = decided.outcome === 'changed' ? decided.deliveries : [];
    const applied = deliveries.length > 0 ? this.#declare(workspace, id, deliveries, audit) : nothingApplied;
    return { outcome: decided.outcome, campaign: this.#view(live, now), applied };
  }

  declared(workspace: string, id: string, now: number): DeclaredCampaign | null {
    return this.#find(workspace, id, now)?.state.campaign ?? null;
  }

  campaign(workspace: string, id: string, now: number): Campaign | null {
    const live = this.#find(workspace, id, now);
    return live && this.#view(live, now);
  }

  campaigns(
    workspace: string,
    query: ListQuery,
    now: number,
  ): { items: (Campaign & { summary: CampaignSummary })[]; nextCursor: string | null } {
    const page = this.#pageOf(workspace, query.after, query.limit + 1);
    const shown = page.slice(0, query.limit);
    const items = shown.flatMap(({ campaign_key: key }) => {
      const live = this.#tables.campaigns.get(key, now);
      return live ? [{ ...this.#view(live, now), summary: summaryOf(this.#report(live, 0, now, true).report) }] : [];
    });
    const last = shown.at(-1);
    const nextCursor = page.length > query.limit && last ? encodeCursor(last.created_at, last.campaign_id) : null;
    return { items, nextCursor };
  }

  report(workspace: string, id: string, recent: number, now: number): StoredReport | null {
    const live = this.#find(workspace, id, now);
    return live && this.#report(live, recent, now);
  }

  summaries(workspace: string, which: SummaryChoice, now: number): SummaryRow[] {
    const { campaigns } = this.#tables;
    const keys =
      'ids' in which
        ? which.ids.map((id) => campaignKey(workspace, id))
        : this.#pageOf(workspace, null, which.newest).map(({ campaign_key: key }) => key);
    return keys.flatMap((key) => {
      const live = campaigns.get(key, now);
      if (!live) return [];
      const { rollup, campaignId: id, createdAt } = live;
      const summary = summaryOf(this.#report(live, 0, now, true).report);
      return [{ id, createdAt, summary, answered: total(rollup, 'answered'), ended: total(rollup, 'ended') }];
    });
  }

  timeline(workspace: string, id: string, query: TimelineQuery, now: number): TimelinePage | null {
    const live = this.#find(workspace, id, now);
    if (!live) return null;
    const rows = this.#events.all(live.key, ...rowsOfPage(query)) as unknown as EventRow[];
    const { page, next } = eventPageOf(rows, query);
    return { items: timelineOf(live.state, live.rollup, now, page), next };
  }

  staleCalls(before: number, after: StaleCursor | null, limit: number): StalePage {
    return this.#stale.page(before, after, limit);
  }

  retryRules(workspace: string, id: string, now: number): RetryRules | null {
    const live = this.#find(workspace, id, now);
    return live && retryRulesOf(live, now);
  }

  settings(workspace: string): Settings {
    return this.#tables.settings.get(workspace) ?? defaultSettings;
  }

  putSettings(workspace: string, settings: Settings, audit: AuditNote): void {
    const { access, settings: rows } = this.#tables;
    access.inTransaction(() => {
      rows.write(workspace, settings);
      driveSteps(note(audit), access.rows);
    });
    rows.keep(workspace, settings);
  }

  rescoreStep(now: number): { touched: Touched[]; more: boolean } {
    return this.#rescoring.step(now);
  }

  retainStep(now: number): { touched: Touched[]; more: boolean } {
    return this.#retention.step(now);
  }

  erase(wish: ErasureWish, audit: AuditNote): Begun {
    return this.#erasing.begin(wish, audit);
  }

  eraseStep(now: number): { touched: Touched[]; more: boolean } {
    return this.#erasing.step(now);
  }

  foreignErasures(): number {
    return this.#foreignErasures;
  }

  answerXml(workspace: string, id: string): string | null | undefined {
    const live = this.#tables.campaigns.get(campaignKey(workspace, id), Date.now());
    return live ? fact(live.state.campaign, 'answerXml') : undefined;
  }

  /** Work on the tables of access and administration, by name. */
  access(name: AccessWorkName, args: readonly unknown[]): unknown {
    return this.#tables.access.run(name, args);
  }

  /** Work on the tables of dialing. Nobody else writes here, so there is no fence to look at. */
  dial(call: DialCall): unknown {
    const { access, erased } = this.#tables;
    const tokenOf = (workspace: string, number: string) => erased.tokenOf({ workspace, number });
    return access.inTransaction(() => driveSteps(dialSteps(call, tokenOf), access.rows));
  }

  ping(): { epoch: string; unassigned: number } {
    return { epoch: this.#epoch, unassigned: this.#tables.unassigned.count() };
  }

  /** How this very connection writes; durability depends on it. */
  pragmas(): { journal_mode: string; synchronous: number } {
    const { db } = this.#tables;
    const { journal_mode } = db.prepare('PRAGMA journal_mode').get() as { journal_mode: string };
    const { synchronous } = db.prepare('PRAGMA synchronous').get() as { synchronous: number };
    return { journal_mode, synchronous };
  }

  /** Idle work: writes sums that are behind and forgets campaigns that nobody uses. */
  tidy(now: number): void {
    const { db, campaigns } = this.#tables;
    if (campaigns.isDirty) {
      db.exec('BEGIN IMMEDIATE');
      try {
        const settle = campaigns.flush(200);
        db.exec('COMMIT');
        settle();
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    }
    campaigns.evictIdle(now);
  }

  close(): void {
    while (this.#tables.campaigns.isDirty) this.tidy(0);
    this.#closeDatabase();
  }

  #pageOf(workspace: string, place: CampaignPlace | null, limit: number): PageRow[] {
    const [createdAt, after] = place ?? FIRST_PLACE;
    return this.#page.all(workspace, createdAt, after, limit) as unknown as PageRow[];
  }

  #find(workspace: string, id: string, now: number): LiveCampaign | null {
    return this.#tables.campaigns.get(campaignKey(workspace, id), now);
  }

  /** Says several things of a campaign in one transaction; the audit log is told once. */
  #declare(
    workspace: string,
    campaignId: string,
    deliveries: readonly CampaignDelivery[],
    audit: AuditNote | null,
  ): Applied {
    const receipts = deliveries.map((delivery, index): Receipt => {
      const { receivedAt } = delivery;
      const receipt = { kind: 'delivery', workspace, receivedAt, campaignId, delivery } as const;
      return index === 0 && audit ? { ...receipt, audit } : receipt;
    });
    return this.apply(receipts);
  }

  #view(live: LiveCampaign, now: number): Campaign {
    return campaignView(live.campaignId, live.state, standingOf(live.state, live.rollup, now));
  }

  #report(live: LiveCampaign, recent: number, now: number, isListed = false): StoredReport {
    const { campaignId, state, rollup } = live;
    const recentActivity = recent === 0 ? [] : recentCalls(live, this.#tables.rows, recent);
    const clock = reportClock({ state, rollup, epoch: this.#epoch }, now);
    const forecast = forecastOf(live, this.#tables.rows, clock.at, isListed);
    const input: ReportInput = { campaignId, state, rollup, recentCalls: recentActivity, epoch: this.#epoch, forecast };
    return { report: report(input, clock), version: state.version };
  }
}

const nothingApplied: Applied = { results: [], touched: [] };
