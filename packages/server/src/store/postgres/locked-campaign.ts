import {
  addRollup,
  type CampaignState,
  newCampaignState,
  type Rollup,
  rollupFromData,
  rollupToData,
} from '@ringside/core';
import { type ErasureWatch, lastErasure } from './erasures.ts';
import type { CampaignName, LiveCampaigns } from './live-campaigns.ts';
import type { Session } from './session.ts';

interface LockedRow {
  readonly version: number;
  readonly record_version: number;
  readonly first_at: number | null;
  readonly last_at: number | null;
  readonly first_call_at: number | null;
  readonly deleted_before: number | null;
  readonly totals: string | null;
}

interface RecordRow {
  readonly workspace: string;
  readonly campaign_id: string;
  readonly created_at: number;
  readonly record: string;
}

type Counts = ReadonlyMap<string, number>;

/** A campaign that no other writer can touch until the transaction ends. */
export interface LockedCampaign {
  readonly name: CampaignName;
  readonly createdAt: number;
  readonly state: CampaignState;
  readonly recordVersion: number;
  /** Up to when records were deleted, `null` while none were. */
  readonly deletedBefore: number | null;
  /** Number of the last erasure of its workspace, see {@link ErasureWatch}. */
  readonly lastErasure: number | null;
  readonly totals: Counts;
  /** Counts of every minute where this node has them as they stand, else `null`. */
  readonly minutes: ReadonlyMap<number, Counts> | null;
}

/**
 * Locks a campaign: everything that is read after this is what the writer before has committed.
 * @returns `null` for one that is not stored
 */
export async function lockCampaign(
  session: Session,
  name: CampaignName,
  campaigns: LiveCampaigns,
): Promise<LockedCampaign | null> {
  const known = campaigns.peek(name.key);
  const knownVersion = known?.state.version ?? -1;
  // They travel together and run one after the other: the second sees what was committed while the first waited.
  const [row, last] = await Promise.all([
    session.row<LockedRow>('rollup-lock', name.key, knownVersion),
    lastErasure(session, name.workspace),
  ]);
  if (!row) return null;
  const { version, record_version: recordVersion } = row;
  const privacy = { deletedBefore: row.deleted_before, lastErasure: last };
  if (known && version === knownVersion) {
    const { state, createdAt, rollup } = known;
    return { name, createdAt, state, recordVersion, ...privacy, totals: rollup.totals, minutes: rollup.minutes };
  }
  const hasRecord = known !== null && known.recordVersion === recordVersion && version > 0;
  const record = hasRecord ? null : await session.row<RecordRow>('campaign-record', name.key);
  const campaign = hasRecord ? known.state.campaign : JSON.parse(record?.record ?? 'null');
  const { first_at: firstAt, last_at: lastAt, first_call_at: firstCallAt } = row;
  return {
    name,
    createdAt: known?.createdAt ?? record?.created_at ?? 0,
    state: version === 0 ? newCampaignState : { campaign, firstAt, lastAt, firstCallAt, version },
    recordVersion,
    ...privacy,
    totals: new Map(JSON.parse(row.totals ?? '[]')),
    minutes: null,
  };
}

/**
 * Writes a campaign's state and adds a difference to its sums.
 * @returns the version that last changed what is said of the campaign itself
 */
export async function writeCampaign(
  session: Session,
  locked: LockedCampaign,
  state: CampaignState,
  delta: Rollup,
): Promise<number> {
  const { key } = locked.name;
  const before = locked.minutes ?? (await countsOf(session, key, [...delta.minutes.keys()]));
  const sums: Rollup = { totals: new Map(locked.totals), minutes: new Map() };
  for (const minute of delta.minutes.keys()) {
    const counts = before.get(minute);
    if (counts) sums.minutes.set(minute, new Map(counts));
  }
  addRollup(sums, delta);
  const minutes = [...delta.minutes.keys()];
  const counts = minutes.map((minute) => JSON.stringify([...(sums.minutes.get(minute) ?? [])]));
  const changesRecord = state.campaign !== locked.state.campaign || locked.state.version === 0;
  const recordVersion = changesRecord ? state.version : locked.recordVersion;
  const { firstAt, lastAt, firstCallAt, version, campaign } = state;
  const { totals } = rollupToData({ totals: sums.totals, minutes: new Map() });
  await Promise.all([
    session.rows('rollup-put', key, version, recordVersion, firstAt, lastAt, firstCallAt, JSON.stringify(totals)),
    minutes.length > 0 && session.rows('buckets-put', key, version, minutes, counts),
    changesRecord && session.rows('campaign-put', key, campaign.registered, JSON.stringify(campaign)),
  ]);
  return recordVersion;
}

/** The whole of a locked campaign's sums. */
export async function sumsOf(session: Session, locked: LockedCampaign): Promise<Rollup> {
  const minutes = locked.minutes ?? (await countsOf(session, locked.name.key, null));
  return {
    totals: new Map(locked.totals),
    minutes: new Map([...minutes].map(([minute, counts]) => [minute, new Map(counts)])),
  };
}

/** @param minutes `null`: all there are */
async function countsOf(
  session: Session,
  key: string,
  minutes: readonly number[] | null,
): Promise<ReadonlyMap<number, Counts>> {
  if (minutes?.length === 0) return new Map();
  const rows = await (minutes === null
    ? session.query<BucketRow>('SELECT minute, counts FROM buckets WHERE campaign_key = $1', key)
    : session.rows<BucketRow>('buckets-of-minutes', key, minutes));
  return rollupFromData({ totals: [], minutes: rows.map(({ minute, counts }) => [minute, JSON.parse(counts)]) })
    .minutes;
}

interface BucketRow {
  readonly minute: number;
  readonly counts: string;
}
