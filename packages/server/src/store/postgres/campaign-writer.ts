import {
  type CampaignState,
  type Changes,
  type Delivery,
  deliveryToText,
  type FoldResult,
  fold,
  type Rollup,
  unknownCampaign,
  withLastAt,
} from '@ringside/core';
import type pg from 'pg';
import { rulesDelivery } from '../../ingest/api-event.ts';
import type { Receipt, Touched } from '../../ingest/receipt.ts';
import { note } from '../access/audit.ts';
import type { AuditNote } from '../access/records.ts';
import { driveStepsLater } from '../access/steps.ts';
import type { Fence } from '../among-nodes.ts';
import { followSaid } from '../dialing/follow.ts';
import { eventLimit } from '../limits.ts';
import { mayNameErased } from '../privacy/admission.ts';
import { admitItems } from './admission.ts';
import { holdFence } from './among-nodes.ts';
import { loadBase } from './bases.ts';
import { readWanted, writeRows } from './call-rows.ts';
import { type ErasureWatch, holdErasures } from './erasures.ts';
import type { CampaignName, Committed, LiveCampaigns } from './live-campaigns.ts';
import { type LockedCampaign, lockCampaign, writeCampaign } from './locked-campaign.ts';
import { driveLater, refold } from './refold.ts';
import { inTransaction, type Session, tryAgain } from './session.ts';
import { readSettings } from './settings.ts';

/** A delivery on its way into a campaign. */
export interface Item {
  readonly delivery: Delivery;
  readonly raw: string | null;
  /** See {@link Receipt}. */
  readonly isLimited?: boolean | undefined;
  /** Put down when the delivery changes something. */
  readonly audit?: AuditNote | undefined;
}

/** `past-retention`: it is about a call whose records were deleted, or would have been. */
export type WriteResult = FoldResult | 'past-retention';

/** What came of the items, in their order. */
export interface Folded {
  readonly results: readonly WriteResult[];
  readonly touched: Touched | null;
}

/** How a campaign is written to. */
export interface WriteOptions {
  /** Makes the campaign if it is not there: because somebody registers it, or because a message speaks of it. */
  readonly make: 'registered' | 'unregistered' | 'never';
  /** Epoch milliseconds. */
  readonly now: number;
  /** What goes in, as it depends on the campaign as it is. */
  readonly items: (session: Session, before: LockedCampaign) => readonly Item[] | Promise<readonly Item[]>;
}

/** What a chunk of work other than deliveries does to a campaign. */
export interface Change {
  readonly state: CampaignState;
  readonly delta: Rollup;
}

/** How a campaign is written to by work other than deliveries. */
export interface ChangeOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Without which the work may not go on; `null` for work that every node may do. */
  readonly fence: Fence | null;
  /** Answers `null` when nothing changes. */
  readonly work: (session: Session, before: LockedCampaign) => Promise<Change | null>;
}

/** The one way in which a campaign is written: a transaction that locks it, then reads, folds and writes. */
export class CampaignWriter {
  readonly #pool: pg.Pool;
  readonly #campaigns: LiveCampaigns;
  readonly #erasures: ErasureWatch;
  readonly #unregisteredLimit: number;

  constructor(pool: pg.Pool, campaigns: LiveCampaigns, erasures: ErasureWatch, unregisteredLimit: number) {
    this.#pool = pool;
    this.#campaigns = campaigns;
    this.#erasures = erasures;
    this.#unregisteredLimit = unregisteredLimit;
  }

  /** @returns `null` when there is no such campaign, or the workspace has too many that nobody registered */
  async fold(name: CampaignName, options: WriteOptions): Promise<Folded | null> {
    const done = await this.#transaction((session) => this.#foldIn(session, name, options));
    if (!done?.committed) return done && { results: done.results, touched: null };
    this.#campaigns.commit(done.committed, options.now);
    return { results: done.results, touched: touchedBy(done.committed) };
  }

  /** Other work on a campaign, such as scoring its calls again. */
  async change(name: CampaignName, { now, fence, work }: ChangeOptions): Promise<Touched | null> {
    const committed = await this.#transaction(async (session): Promise<Committed | null> => {
      if (fence) await holdFence(session, fence);
      const locked = await lockCampaign(session, name, this.#campaigns);
      const change = locked && (await work(session, locked));
      if (!change) return null;
      const recordVersion = await writeCampaign(session, locked, change.state, change.delta);
      return { name, from: locked.state.version, createdAt: locked.createdAt, recordVersion, ...change, changes: null };
    });
    if (!committed) return null;
    this.#campaigns.commit(committed, now);
    return touchedBy(committed);
  }

  #transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return tryAgain(() => inTransaction(this.#pool, work));
  }

  async #foldIn(session: Session, name: CampaignName, { make, now, items: itemsOf }: WriteOptions) {
    const locked = (await lockCampaign(session, name, this.#campaigns)) ?? (await this.#make(session, name, make, now));
    if (!locked) return null;
    const eraser = await this.#erasures.of(session, name.workspace, locked.lastErasure);
    const admitted = await admitItems(session, locked, await itemsOf(session, locked), eraser);
    const given = admitted.filter((item) => item !== null);
    const own = locked.state.version === 0 && given.length > 0 ? await ownRules(session, name, now) : [];
    const items = [...own, ...given];
    const deliveries = items.map(({ delivery }) => delivery);
    const read = (wanted: Parameters<typeof readWanted>[2]) => readWanted(session, name.key, wanted);
    const changes = await driveLater(fold(locked.state, deliveries, undefined, eventLimit(items)), read);
    let place = own.length;
    const results = admitted.map((item) => (item && changes.results[place++]) ?? 'past-retention');
    // A campaign that nothing was said of is none.
    if (changes.state === locked.state) {
      if (locked.state.version === 0) await session.command('ROLLBACK; BEGIN');
      return { results, committed: null };
    }
    await writeFold(session, name, items, changes);
    if (mayNameErased(changes, eraser)) await session.rows('erasing-put', name.key);
    const { state, delta, isRefolded } = await finish(session, locked, changes);
    const recordVersion = await writeCampaign(session, locked, state, delta);
    const { createdAt } = locked;
    const from = locked.state.version;
    const committed = { name, from, createdAt, recordVersion, state, delta, changes: isRefolded ? null : changes };
    return { results, committed };
  }

  /** Makes a campaign, unless the workspace has too many of that kind: those who make one count one after the other. */
  async #make(
    session: Session,
    name: CampaignName,
    make: WriteOptions['make'],
    now: number,
  ): Promise<LockedCampaign | null> {
    if (make === 'never') return null;
    const { key, workspace, campaignId } = name;
    await holdErasures(session, workspace);
    if (make === 'unregistered') {
      await session.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', `unregistered ${workspace}`);
      const counting = 'SELECT count(*) AS n FROM campaigns WHERE workspace = $1 AND NOT registered';
      const [row] = await session.query<{ n: number }>(counting, workspace);
      if ((row?.n ?? 0) >= this.#unregisteredLimit) return lockCampaign(session, name, this.#campaigns);
    }
    await Promise.all([
      session.rows('campaign-make', key, workspace, campaignId, now, JSON.stringify(unknownCampaign)),
      session.rows('rollup-make', key),
    ]);
    const locked = await lockCampaign(session, name, this.#campaigns);
    return locked && { ...locked, createdAt: locked.state.version === 0 ? now : locked.createdAt };
  }
}

async function writeFold(
  session: Session,
  name: CampaignName,
  items: readonly Item[],
  changes: Changes,
): Promise<void> {
  const { key } = name;
  const stored = changes.stored.flatMap(({ index, seq }) => {
    const item = items[index];
    return item ? [{ ...item, seq, text: deliveryToText(item.delivery) }] : [];
  });
  await Promise.all([
    writeRows(session, key, changes),
    session.rows(
      'events-append',
      key,
      stored.map(({ seq }) => seq),
      stored.map(({ delivery }) => delivery.receivedAt),
      stored.map(({ text }) => text),
      stored.map(({ raw }) => raw),
    ),
    changes.rescore && session.rows('rescoring-put', key),
  ]);
  for (const [position, { audit, delivery }] of items.entries()) {
    if (changes.results[position] !== 'accepted') continue;
    if (audit) await driveStepsLater(note(audit), session.step);
    await driveStepsLater(followSaid(name, delivery), session.step);
  }
}

/** A default country that comes after calls changes how their numbers read: fold the campaign again. */
async function finish(session: Session, locked: LockedCampaign, changes: Changes) {
  if (changes.rereadNumbers) return { ...(await refold(session, locked, changes)), isRefolded: true };
  const { state, delta } = changes;
  if (!changes.lastAtStale) return { state, delta, isRefolded: false };
  const row = await session.row<{ last_at: number }>('calls-last-at', locked.name.key);
  const base = locked.deletedBefore === null ? null : await loadBase(session, locked.name.key, []);
  const ofCalls = Math.max(row?.last_at ?? 0, base?.lastAt ?? 0);
  return { state: withLastAt(state, ofCalls), delta, isRefolded: false };
}

/** A campaign keeps the lead rules that its workspace had when it was made, until others are applied to it. */
async function ownRules(session: Session, { workspace }: CampaignName, at: number): Promise<Item[]> {
  const leadRules = (await readSettings(session, workspace))?.leadRules;
  return leadRules ? [{ delivery: rulesDelivery(leadRules, { at, receivedAt: at }, null), raw: null }] : [];
}

function touchedBy({ name: { workspace, campaignId }, state: { version } }: Committed): Touched {
  return { workspace, campaignId, version };
}
