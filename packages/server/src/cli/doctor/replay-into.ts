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
import { countDeliveries, replayedState } from '../../store/replayed.ts';
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
/** @param which a condition on the delivery */
const pageOf = (which: string): string =>
  `SELECT seq, delivery FROM call_events WHERE campaign_key = $1 AND seq > $2 AND ${which} ORDER BY seq LIMIT ${CHUNK}`;
/** Those about the campaign itself are the only ones whose text is an object. */
const SAID = pageOf("delivery LIKE '{%'");
const ALL = pageOf('true');

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
  let state = newCampaignState;
  function* foldPages(sql: string, onPage: (seqs: readonly number[]) => void): Steps<void> {
    for (let after = 0; ; ) {
      const page: readonly { seq: number; delivery: string }[] = yield* rowsOf(sql, key, after);
      const seqs = page.map(({ seq }) => seq);
      const deliveries = page.map(({ delivery }) => deliveryFromText(delivery));
      const changes = drive(fold(state, deliveries, seqs), (wanted) => rows.read(key, wanted));
      rows.write(key, changes);
      addRollup(rollup, changes.delta);
      state = changes.state;
      onPage(seqs);
      const newest = seqs.at(-1);
      if (newest === undefined || page.length < CHUNK) return;
      after = newest;
    }
  }
  // Every number is read with what is known of the campaign in the end.
  yield* foldPages(SAID, () => {});
  state = { ...newCampaignState, campaign: state.campaign };
  yield* foldPages(ALL, (seqs) => {
    for (const seq of seqs) bits[seq >> 3] = (bits[seq >> 3] ?? 0) | (1 << (seq & 7));
    onChunk(seqs.length);
  });
  if (base) addRollup(rollup, base.rollup);
  const has = (seq: number): boolean => ((bits[seq >> 3] ?? 0) & (1 << (seq & 7))) !== 0;
  const beside = { last, lastOfCalls: rows.lastAt(key), base, version };
  return { state: replayedState(state, beside), rollup, stored: { count, has } };
}
