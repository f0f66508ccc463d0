import {
  type Attempt,
  addCounts,
  addRollup,
  callContribution,
  callFromText,
  contactContribution,
  emptyRollup,
  MINUTE_MS,
  type Rollup,
  standingOf,
} from '@ringside/core';
import { baseRollup } from '../../store/privacy/bases.ts';
import { minus } from '../../store/rollup-difference.ts';
import { loadBase } from '../../store/sqlite/bases.ts';
import { CallRows } from '../../store/sqlite/call-rows.ts';
import type { LiveCampaign, LiveCampaigns } from '../../store/sqlite/campaigns.ts';
import type { Database } from '../../store/sqlite/database.ts';
import { countDeliveries, type Replayed, replay } from '../../store/sqlite/replay.ts';
import type { Progress } from '../progress.ts';
import { compareRows, type RowsToCompare } from './compare-rows.ts';
import { Differences, type Findings, firstDifference } from './findings.ts';
import type { CampaignRef } from './snapshot.ts';

/** What an examination works on. */
export interface Examination {
  /** The store, in one snapshot. */
  readonly db: Database;
  readonly campaigns: LiveCampaigns;
  /** Where everything is made again. */
  readonly scratch: { readonly db: Database; clear(): void };
  readonly progress: Progress;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Makes a campaign again from its stored deliveries and compares: rows with rows, then the sums with those of the rows
 * that are there, so that each fault is told where it is.
 */
export function examineCampaign(examination: Examination, ref: CampaignRef): Findings {
  const { db, campaigns } = examination;
  const differences = new Differences();
  const stored = storedDeliveries(db, ref.key);
  let calls = 0;
  let lost = 0;
  let isReadable = true;
  try {
    const live = campaigns.get(ref.key, 0);
    if (live) ({ calls, lost } = compareAll(examination, live, stored, differences));
  } catch (error) {
    differences.add('campaign', 'record', 'readable', (error as Error).message);
    isReadable = false;
  }
  const { kept, count } = differences;
  return { ...ref, calls, deliveries: stored.count, differences: kept, count, isRepairable: isReadable && lost === 0 };
}

function compareAll(
  examination: Examination,
  live: LiveCampaign,
  stored: Stored,
  differences: Differences,
): { calls: number; lost: number } {
  const { db, scratch, progress, now } = examination;
  progress.start(live.campaignId, stored.count, 'deliveries');
  const expected = replayInto(scratch, db, live, (done) => progress.add(done));
  compareStates(expected, live, differences);
  const before = differences.count;
  const recount = emptyRollup();
  addRollup(recount, baseRollup(loadBase(db, live.key)));
  progress.start(live.campaignId, null, 'calls compared');
  const both = { found: db, expected: scratch.db, key: live.key, differences };
  const { calls, lost } = compareCalls(both, stored, recount, progress);
  compareRows('contacts', {
    ...both,
    onFound: (row) => {
      const attempts = parsed(row.attempts, JSON.parse) as Attempt[] | null;
      if (attempts) addCounts(recount, contactContribution({ key: String(row.contact_key), attempts }), 1);
    },
  });
  compareRows('aliases', both);
  compareRows('numbers', both);
  scratch.clear();
  // Sums must be those of the rows; where rows are wrong already, those of the rows that should be there.
  compareRollups(differences.count === before ? recount : expected.rollup, live.rollup, differences);
  checkLedger(live, now, differences);
  const forgotten = live.state.campaign.history.length - expected.state.campaign.history.length;
  return { calls, lost: lost + Math.max(0, forgotten) };
}

/** @returns how many calls there are, and how many deliveries they name that are not stored */
function compareCalls(
  both: RowsToCompare,
  stored: Stored,
  recount: Rollup,
  progress: Progress,
): { calls: number; lost: number } {
  let calls = 0;
  let lost = 0;
  compareRows('calls', {
    ...both,
    onFound: ({ call_row: row, record, seqs }) => {
      calls += 1;
      progress.add(1);
      const call = parsed(record, callFromText);
      if (call) addCounts(recount, callContribution(call), 1);
      for (const seq of (parsed(seqs, JSON.parse) as number[] | null) ?? []) {
        if (stored.has(seq)) continue;
        both.differences.add('delivery', `${seq} of call ${row}`, 'stored', 'missing');
        lost += 1;
      }
    },
  });
  return { calls, lost };
}

/** Numbers of the deliveries that are stored: one bit each, for there may be millions. */
interface Stored {
  readonly count: number;
  has(seq: number): boolean;
}

function storedDeliveries(db: Database, key: string): Stored {
  const { count, last } = countDeliveries(db, key);
  const bits = new Uint8Array(Math.floor(last / 8) + 1);
  const sql = 'SELECT seq FROM call_events WHERE campaign_key = ? ORDER BY seq';
  for (const { seq } of db.prepare(sql).iterate(key) as Iterable<{ seq: number }>) {
    bits[seq >> 3] = (bits[seq >> 3] ?? 0) | (1 << (seq & 7));
  }
  return { count, has: (seq) => ((bits[seq >> 3] ?? 0) & (1 << (seq & 7))) !== 0 };
}

function replayInto(
  scratch: Examination['scratch'],
  db: Database,
  { key, state }: LiveCampaign,
  onChunk: (deliveries: number) => void,
): Replayed {
  scratch.db.exec('BEGIN');
  try {
    return replay({ db, rows: new CallRows(scratch.db), key, onChunk }, state.version);
  } finally {
    scratch.db.exec('COMMIT');
  }
}

/** A record that cannot be read is told of where rows are compared. */
function parsed<T>(text: unknown, parse: (text: string) => T): T | null {
  try {
    return parse(String(text));
  } catch {
    return null;
  }
}

function compareStates({ state }: Replayed, live: LiveCampaign, differences: Differences): void {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const difference = firstDifference(plain(state), plain(live.state));
  if (difference) differences.add('campaign', difference.path, difference.expected, difference.found);
}

function compareRollups(expected: Rollup, found: Rollup, differences: Differences): void {
  const off = minus(expected, found);
  for (const [key, n] of off.totals) {
    const is = found.totals.get(key) ?? 0;
    differences.add('total', key, is + n, is);
  }
  for (const [minute, counts] of off.minutes) {
    const when = new Date(minute * MINUTE_MS).toISOString().slice(0, 16);
    for (const [key, n] of counts) {
      const is = found.minutes.get(minute)?.get(key) ?? 0;
      differences.add('minute', `${when}Z ${key}`, is + n, is);
    }
  }
}

/** Every contact is in exactly one bucket of the ledger, and in none of them a negative number of times. */
function checkLedger(live: LiveCampaign, now: number, differences: Differences): void {
  const { ledger, totalCalls } = standingOf(live.state, live.rollup, now).progress;
  const sum = Object.values(ledger).reduce((so, n) => so + n, 0);
  if (sum !== totalCalls) differences.add('ledger', 'sum of its buckets', totalCalls, sum);
  for (const [bucket, n] of Object.entries(ledger)) if (n < 0) differences.add('ledger', bucket, 'at least 0', n);
}
