import {
  addRollup,
  type BaseRollup,
  type CampaignState,
  deliveryFromText,
  drive,
  emptyRollup,
  fold,
  newCampaignState,
  type Rollup,
} from '@ringside/core';
import { rowsOf, type Steps } from '../../store/access/steps.ts';
import { campaignSaid, countDeliveries, replayedState } from '../../store/replayed.ts';
import { CallRows } from '../../store/sqlite/call-rows.ts';
import type { Scratch } from './scratch.ts';

/** What a campaign comes to by its stored deliveries. */
export interface Replayed {
  readonly state: CampaignState;
  readonly rollup: Rollup;
  readonly stored: StoredDeliveries;
}

/** Which deliveries are there: one bit each, for there may be millions. */
export interface StoredDeliveries {
  readonly count: number;
  has(seq: number): boolean;
}

export interface ReplayOptions {
  readonly key: string;
  readonly base: BaseRollup | null;
  /** The campaign's version in the store. */
  readonly version: number;
  readonly onBegin: (deliveries: number) => void;
  readonly onChunk: (deliveries: number) => void;
}

const CHUNK = 1_000;
const PAGE = `SELECT seq, delivery FROM call_events WHERE campaign_key = $1 AND seq > $2 ORDER BY seq LIMIT ${CHUNK}`;

/** Folds the stored deliveries of a campaign into empty tables, a chunk at a time, from whichever store they are in. */
export function* replayInto({ db }: Scratch, options: ReplayOptions): Steps<Replayed> {
  db.exec('BEGIN');
  try {
    return yield* replay(new CallRows(db), options);
  } finally {
    db.exec('COMMIT');
  }
}

function* replay(rows: CallRows, options: ReplayOptions): Steps<Replayed> {
  const { key, base, version, onBegin, onChunk } = options;
  const { count, last } = yield* countDeliveries(key);
  onBegin(count);
  const bits = new Uint8Array(Math.floor(last / 8) + 1);
  const rollup = emptyRollup();
  let state: CampaignState = { ...newCampaignState, campaign: yield* campaignSaid(key) };
  for (let after = 0; after < last; ) {
    const page: readonly { seq: number; delivery: string }[] = yield* rowsOf(PAGE, key, after);
    const seqs = page.map(({ seq }) => seq);
    const deliveries = page.map(({ delivery }) => deliveryFromText(delivery));
    const changes = drive(fold(state, deliveries, seqs), (wanted) => rows.read(key, wanted));
    rows.write(key, changes);
    addRollup(rollup, changes.delta);
    state = changes.state;
    for (const seq of seqs) bits[seq >> 3] = (bits[seq >> 3] ?? 0) | (1 << (seq & 7));
    after = seqs.at(-1) ?? last;
    onChunk(page.length);
  }
  if (base) addRollup(rollup, base.rollup);
  const has = (seq: number): boolean => ((bits[seq >> 3] ?? 0) & (1 << (seq & 7))) !== 0;
  const beside = { last, lastOfCalls: rows.lastAt(key), base, version };
  return { state: replayedState(state, beside), rollup, stored: { count, has } };
}
