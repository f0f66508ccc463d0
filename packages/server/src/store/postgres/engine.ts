import {
  type CampaignDelivery,
  type Campaign as DeclaredCampaign,
  fact,
  saidNow,
  standingOf,
  timelineOf,
} from '@ringside/core';
import {
  type Campaign,
  type CampaignCreate,
  type CampaignPatch,
  type CampaignSummary,
  defaultSettings,
  type Settings,
} from '@ringside/protocol';
import type pg from 'pg';
import type { Controlled, ControlStep, Decided } from '../../control/control-step.ts';
import { decideStep } from '../../control/decide-step.ts';
import { factsDelivery } from '../../ingest/api-event.ts';
import type { Applied, Receipt, ReceiptResult, Touched } from '../../ingest/receipt.ts';
import { note } from '../access/audit.ts';
import type { AuditNote } from '../access/records.ts';
import { driveStepsLater } from '../access/steps.ts';
import type { AccessWorkName } from '../access/work.ts';
import type { Fence, SharedStore } from '../among-nodes.ts';
import { campaignKey } from '../campaign-key.ts';
import { campaignView } from '../campaign-view.ts';
import type { RetryRules } from '../contact-view.ts';
import type { DialCall } from '../dialing/work.ts';
import { type EventRow, eventPageOf, rowsOfPage, type TimelineQuery } from '../event-page.ts';
import { ListReader } from '../list-reader.ts';
import { type CampaignPlace, encodeCursor, FIRST_PLACE } from '../page-cursor.ts';
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
import { AccessTables } from './access-tables.ts';
import { sharedStore } from './among-nodes.ts';
import { Batch } from './apply.ts';
import { CampaignWriter, type Folded, type Item, type WriteOptions } from './campaign-writer.ts';
import { DialTables } from './dial-tables.ts';
import { Erasing } from './erasing.ts';
import { ErasureWatch } from './erasures.ts';
import { Lanes } from './lanes.ts';
import { type CampaignName, type LiveCampaign, LiveCampaigns } from './live-campaigns.ts';
import { type LockedCampaign, sumsOf } from './locked-campaign.ts';
import type { StoreFacts } from './migrate.ts';
import { Nonces } from './nonces.ts';
import { PostgresReadSource } from './read-source.ts';
import { Reports } from './reports.ts';
import { Rescoring } from './rescoring.ts';
import { Retention } from './retention.ts';
import { inTransaction, Session, tryAgain } from './session.ts';
import { readSettings, writeSettings } from './settings.ts';
import { StaleCalls } from './stale-calls.ts';
import { nameOf } from './store-names.ts';
import { type AsideCallback, addUnassigned } from './unassigned.ts';
import { Vacuuming } from './vacuum.ts';
import { WriteQueue } from './write-queue.ts';

/** What an open store is made of. */
export interface StoreParts {
  /** Connections for writers: no list takes one away from them. */
  readonly writes: pg.Pool;
  readonly reads: pg.Pool;
  readonly facts: StoreFacts;
  readonly plivoTimeZone: string;
  readonly unregisteredLimit: number;
  /** 32 bytes, the same on every node. Tokens of erased numbers are made with it. */
  readonly secretKey: Uint8Array;
  /** Takes old versions of rows out of the tables; may take minutes. */
  readonly vacuum: (signal: AbortSignal) => Promise<void>;
  /** Campaigns that are written to at once. */
  readonly lanes: number;
}

/** A bin may grow large; whoever asks whether the store answers must not wait for a whole count. */
const MOST_COUNTED = 10_000;
const CLOSE_WITHIN_MS = 1_000;

interface PageRow {
  readonly campaign_key: string;
  readonly created_at: number;
  readonly campaign_id: string;
}

/** Campaigns in PostgreSQL, which other nodes write to as well. Its methods are those of `Store`. */
export class PostgresEngine {
  readonly lists: ListReader;
  readonly shared: SharedStore;
  readonly #parts: StoreParts;
  readonly #session: Session;
  readonly #campaigns: LiveCampaigns;
  readonly #lanes: Lanes;
  readonly #queue: WriteQueue;
  readonly #reports: Reports;
  readonly #rescoring: Rescoring;
  readonly #erasures: ErasureWatch;
  readonly #retention: Retention;
  readonly #erasing: Erasing;
  readonly #vacuuming: Vacuuming;
  readonly #stale: StaleCalls;
  readonly #access: AccessTables;
  readonly #dial: DialTables;
  readonly #nonces: Nonces;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#session = new Session(parts.reads);
    this.#campaigns = new LiveCampaigns(this.#session);
    this.#lanes = new Lanes(parts.lanes);
    this.#erasures = new ErasureWatch(parts.secretKey);
    const writer = new CampaignWriter(parts.writes, this.#campaigns, this.#erasures, parts.unregisteredLimit);
    this.#queue = new WriteQueue(this.#lanes, writer);
    this.#reports = new Reports(this.#session, parts.facts.epoch);
    this.#rescoring = new Rescoring(this.#session, this.#queue);
    this.#retention = new Retention(this.#session, this.#campaigns, this.#queue);
    this.#vacuuming = new Vacuuming(parts.vacuum);
    this.#erasing = new Erasing({
      ...{ writes: parts.writes, session: this.#session, campaigns: this.#campaigns, queue: this.#queue },
      ...{ erasures: this.#erasures, vacuuming: this.#vacuuming },
    });
    this.#stale = new StaleCalls(this.#session, this.#campaigns);
    this.#access = new AccessTables(parts.writes, this.#session);
    const { numbers } = this.#erasures;
    const tokenOf = (workspace: string, number: string) => numbers.tokenOf({ workspace, number });
    this.#dial = new DialTables(parts.writes, this.#session, tokenOf);
    this.#nonces = new Nonces(parts.writes);
    // Neither may slow lists cost a node its lease.
    this.shared = sharedStore(new Session(parts.writes), parts.facts.epoch);
    this.lists = new ListReader(new PostgresReadSource(this.#session, this.#campaigns), parts.facts.cursorKey);
  }

  apply(receipts: readonly Receipt[]): Promise<Applied> {
    const { plivoTimeZone, writes } = this.#parts;
    const putAside = (aside: readonly AsideCallback[]) => addUnassigned(writes, this.#erasures, aside);
    // Not over the connections of readers: a few slow lists would hold up what comes in.
    const session = new Session(writes);
    const tables = { queue: this.#queue, nonces: this.#nonces, session, putAside, plivoTimeZone };
    return new Batch(tables, receipts.length).apply(receipts);
  }

  async register(
    workspace: string,
    wanted: CampaignCreate,
    actor: string,
    now: number,
    audit: AuditNote,
  ): Promise<Registration> {
    let outcome: 'created' | 'same' | 'conflict' = 'created';
    const items = (_session: Session, { state }: LockedCampaign): Item[] => {
      outcome = !state.campaign.registered ? 'created' : sameFacts(state, wanted) ? 'same' : 'conflict';
      const delivery = factsDelivery(wanted, { ...saidNow(state.campaign, now), registers: true, actor });
      return outcome === 'created' ? [declaration(delivery, audit)] : [];
    };
    const folded = await this.#write(nameOf(workspace, wanted.id), { make: 'registered', now, items });
    const campaign = await this.campaign(workspace, wanted.id, now);
    return campaign && folded ? { outcome, campaign, applied: appliedBy(folded) } : { outcome: 'too-many' };
  }

  async patch(
    workspace: string,
    id: string,
    change: CampaignPatch,
    actor: string,
    now: number,
    audit: AuditNote,
  ): Promise<{ campaign: Campaign; applied: Applied } | null> {
    const items = (_session: Session, { state }: LockedCampaign): Item[] => [
      declaration(factsDelivery(change, { ...saidNow(state.campaign, now), registers: false, actor }), audit),
    ];
    const folded = await this.#write(nameOf(workspace, id), { make: 'never', now, items });
    const campaign = folded && (await this.campaign(workspace, id, now));
    return campaign && { campaign, applied: appliedBy(folded) };
  }

  async control(
    workspace: string,
    id: string,
    step: ControlStep,
    now: number,
    audit: AuditNote | null,
  ): Promise<Controlled | null> {
    const found = { decided: { outcome: 'already' } as Decided };
    const items = async (session: Session, before: LockedCampaign): Promise<Item[]> => {
      const decided = decideStep({ state: before.state, rollup: await sumsOf(session, before) }, step, now);
      found.decided = decided;
      const deliveries = decided.outcome === 'changed' ? decided.deliveries : [];
      return deliveries.map((delivery, index) =>
        index === 0 ? declaration(delivery, audit) : { delivery, raw: null },
      );
    };
    const folded = await this.#write(nameOf(workspace, id), { make: 'never', now, items });
    if (!folded) return null;
    if (found.decided.outcome === 'refused') return found.decided;
    const { outcome } = found.decided;
    const live = await this.#find(workspace, id, now);
    return live && { outcome, campaign: view(live, now), applied: appliedBy(folded) };
  }

  async declared(workspace: string, id: string, now: number): Promise<DeclaredCampaign | null> {
    return (await this.#find(workspace, id, now))?.state.campaign ?? null;
  }

  async campaign(workspace: string, id: string, now: number): Promise<Campaign | null> {
    const live = await this.#find(workspace, id, now);
    return live && view(live, now);
  }

  async campaigns(
    workspace: string,
    query: ListQuery,
    now: number,
  ): Promise<{ items: (Campaign & { summary: CampaignSummary })[]; nextCursor: string | null }> {
    const page = await this.#pageOf(workspace, query.after, query.limit + 1);
    const shown = page.slice(0, query.limit);
    const live = await this.#inOrder(
      shown.map(({ campaign_key: key }) => key),
      now,
    );
    const items = await Promise.all(
      live.map(async (one) => ({ ...view(one, now), summary: (await this.#reports.summary(one, now)).summary })),
    );
    const last = shown.at(-1);
    const nextCursor = page.length > query.limit && last ? encodeCursor(last.created_at, last.campaign_id) : null;
    return { items, nextCursor };
  }

  async report(workspace: string, id: string, recent: number, now: number): Promise<StoredReport | null> {
    const live = await this.#find(workspace, id, now);
    return live && this.#reports.report(live, recent, now);
  }

  async summaries(workspace: string, which: SummaryChoice, now: number): Promise<SummaryRow[]> {
    const keys =
      'ids' in which
        ? which.ids.map((id) => campaignKey(workspace, id))
        : (await this.#pageOf(workspace, null, which.newest)).map(({ campaign_key: key }) => key);
    return Promise.all((await this.#inOrder(keys, now)).map((live) => this.#reports.summary(live, now)));
  }

  async timeline(workspace: string, id: string, query: TimelineQuery, now: number): Promise<TimelinePage | null> {
    const live = await this.#find(workspace, id, now);
    if (!live) return null;
    const rows = await this.#session.rows<EventRow>('campaign-events-page', live.key, ...rowsOfPage(query));
    const { page, next } = eventPageOf(rows, query);
    return { items: timelineOf(live.state, live.rollup, now, page), next };
  }

  staleCalls(before: number, after: StaleCursor | null, limit: number): Promise<StalePage> {
    return this.#stale.page(before, after, limit);
  }

  async retryRules(workspace: string, id: string, now: number): Promise<RetryRules | null> {
    const live = await this.#find(workspace, id, now);
    return live && retryRulesOf(live, now);
  }

  async settings(workspace: string): Promise<Settings> {
    return (await readSettings(this.#session, workspace)) ?? defaultSettings;
  }

  async putSettings(workspace: string, settings: Settings, audit: AuditNote): Promise<void> {
    await tryAgain(() =>
      inTransaction(this.#parts.writes, async (session) => {
        await writeSettings(session, workspace, settings);
        await driveStepsLater(note(audit), session.step);
      }),
    );
  }

  rescoreStep(now: number, fence: Fence | null): Promise<{ touched: Touched[]; more: boolean }> {
    return this.#rescoring.step(now, fence);
  }

  retainStep(now: number, fence: Fence | null): Promise<{ touched: Touched[]; more: boolean }> {
    return this.#retention.step(now, fence);
  }

  erase(wish: ErasureWish, audit: AuditNote): Promise<Begun> {
    return this.#erasing.begin(wish, audit);
  }

  eraseStep(now: number, fence: Fence | null): Promise<{ touched: Touched[]; more: boolean }> {
    return this.#erasing.step(now, fence);
  }

  foreignErasures(): Promise<number> {
    return this.#erasing.foreign();
  }

  async answerXml(workspace: string, id: string): Promise<string | null | undefined> {
    const live = await this.#find(workspace, id, Date.now());
    return live ? fact(live.state.campaign, 'answerXml') : undefined;
  }

  /** What this node knew last, current or not; `undefined` where it never read the campaign. */
  knownAnswerXml(workspace: string, id: string): string | null | undefined {
    const live = this.#campaigns.peek(campaignKey(workspace, id));
    return live ? fact(live.state.campaign, 'answerXml') : undefined;
  }

  /** Work on the tables of access and administration, by name. */
  access(name: AccessWorkName, args: readonly unknown[]): Promise<unknown> {
    return this.#access.run(name, args);
  }

  /** Work on the tables of dialing. */
  dial(call: DialCall): Promise<unknown> {
    return this.#dial.run(call);
  }

  async ping(): Promise<{ epoch: string; unassigned: number }> {
    const [row] = await this.#session.query<{ n: number }>(
      `SELECT count(*) AS n FROM (SELECT FROM unassigned LIMIT ${MOST_COUNTED}) AS waiting`,
    );
    return { epoch: this.#parts.facts.epoch, unassigned: row?.n ?? 0 };
  }

  /** Forgets campaigns that nobody uses. */
  tidy(now: number): void {
    this.#campaigns.evictIdle(now);
  }

  async close(): Promise<void> {
    this.#vacuuming.stop();
    await this.#lanes.idle();
    // A frozen server does not even take leave.
    const longest = new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref());
    await Promise.race([Promise.all([this.#parts.writes.end(), this.#parts.reads.end()]), longest]);
  }

  #write(name: CampaignName, options: WriteOptions): Promise<Folded | null> {
    return this.#queue.write(name, options);
  }

  #find(workspace: string, id: string, now: number): Promise<LiveCampaign | null> {
    return this.#campaigns.get(campaignKey(workspace, id), now);
  }

  async #inOrder(keys: readonly string[], now: number): Promise<LiveCampaign[]> {
    const live = await this.#campaigns.many(keys, now);
    return keys.flatMap((key) => live.get(key) ?? []);
  }

  #pageOf(workspace: string, place: CampaignPlace | null, limit: number): Promise<PageRow[]> {
    const [createdAt, after] = place ?? FIRST_PLACE;
    return this.#session.rows('campaigns-page', workspace, createdAt, after, limit);
  }
}

function declaration(delivery: CampaignDelivery, audit: AuditNote | null): Item {
  return { delivery, raw: null, ...(audit && { audit }) };
}

function appliedBy({ results, touched }: Folded): Applied {
  const told = results.map(
    (result): ReceiptResult =>
      result === 'accepted' || result === 'unchanged' ? { result } : { result: 'rejected', code: result },
  );
  return { results: told, touched: touched ? [touched] : [] };
}

function view(live: LiveCampaign, now: number): Campaign {
  return campaignView(live.campaignId, live.state, standingOf(live.state, live.rollup, now));
}
