import {
  type Attempt,
  addCounts,
  addRollup,
  type BaseRollup,
  type CampaignState,
  callContribution,
  callFromText,
  contactContribution,
  type EventKey,
  emptyRollup,
  iso,
  MINUTE_MS,
  type Rollup,
  standingOf,
  switchCounts,
} from '@ringside/core';
import type { Steps } from '../../store/access/steps.ts';
import { minus } from '../../store/rollup-difference.ts';
import type { Progress } from '../progress.ts';
import { compareRows, type RowsToCompare } from './compare-rows.ts';
import { Differences, type Findings, firstDifference } from './findings.ts';
import { type Replayed, replayInto, type StoredDeliveries } from './replay-into.ts';
import type { Scratch } from './scratch.ts';
import type { CampaignRef } from './snapshot.ts';

/** What an examination works with. */
export interface Examination {
  /** Where everything is made again. */
  readonly scratch: Scratch;
  readonly progress: Progress;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A campaign as its store has it, without its rows. */
export interface KnownCampaign {
  readonly campaignId: string;
  readonly state: CampaignState;
  readonly rollup: Rollup;
  /** What deleted calls came to. */
  readonly base: BaseRollup | null;
}

/** What came of the rows of a campaign. */
interface Counted {
  readonly calls: number;
  readonly deliveries: number;
  /** Deliveries that something speaks of and that are not there. */
  readonly lost: number;
}

/** The examination of one campaign: what it reads is answered by either store, all of it as it stood at one moment. */
export class CampaignExamination {
  readonly #examination: Examination;
  readonly #ref: CampaignRef;
  readonly #differences = new Differences();

  constructor(examination: Examination, ref: CampaignRef) {
    this.#examination = examination;
    this.#ref = ref;
  }

  /**
   * Makes the campaign again from its stored deliveries and compares: rows with rows, then the sums with those of the
   * rows that are there, so that each fault is told where it is.
   */
  *compare(known: KnownCampaign): Steps<Findings> {
    try {
      return this.#findings(yield* compareAll(this.#examination, this.#ref.key, known, this.#differences), true);
    } finally {
      this.#examination.scratch.clear();
    }
  }

  /** For a campaign whose sums are not there, though deliveries are. */
  withoutSums(deliveries: number): Findings {
    this.#differences.add('campaign', 'sums', 'there', 'missing');
    return this.#findings({ calls: 0, deliveries, lost: 0 }, true);
  }

  /** For a campaign of which something cannot be read, so that nothing can be built from it either. */
  unreadable(error: unknown): Findings {
    this.#differences.add('campaign', 'record', 'readable', (error as Error).message);
    return this.#findings({ calls: 0, deliveries: 0, lost: 0 }, false);
  }

  #findings({ calls, deliveries, lost }: Counted, isReadable: boolean): Findings {
    const { kept, count } = this.#differences;
    return { ...this.#ref, calls, deliveries, differences: kept, count, isRepairable: isReadable && lost === 0 };
  }
}

function* compareAll(
  { scratch, progress, now }: Examination,
  key: string,
  known: KnownCampaign,
  differences: Differences,
): Steps<Counted> {
  const { campaignId, state, base } = known;
  const expected = yield* replayInto(scratch, {
    ...{ key, base, version: state.version },
    onBegin: (deliveries) => progress.start(campaignId, deliveries, 'deliveries'),
    onChunk: (deliveries) => progress.add(deliveries),
  });
  const { stored } = expected;
  compareStates(expected, known, differences);
  const differing = differences.count;
  const recount = emptyRollup();
  if (base) addRollup(recount, base.rollup);
  progress.start(campaignId, null, 'calls compared');
  const rows = { expected: scratch.db, key, differences };
  const { calls, lost } = yield* compareCalls(rows, stored, recount, progress);
  yield* compareRows('contacts', {
    ...rows,
    onFound: (row) => {
      const attempts = parsed(row.attempts, JSON.parse) as Attempt[] | null;
      if (attempts) addCounts(recount, contactContribution({ key: String(row.contact_key), attempts }), 1);
    },
  });
  yield* compareRows('aliases', rows);
  yield* compareRows('numbers', rows);
  let before: EventKey | null = null;
  yield* compareRows('campaign_events', {
    ...rows,
    onFound: ({ event_key: key, is_change: isChange }) => {
      if (!isChange) return;
      addCounts(recount, switchCounts(before, String(key)), 1);
      before = String(key);
    },
  });
  // Sums must be those of the rows; where rows are wrong already, those of the rows that should be there.
  compareRollups(differences.count === differing ? recount : expected.rollup, known.rollup, differences);
  checkLedger(known, now, differences);
  const forgotten = state.campaign.events - expected.state.campaign.events;
  return { calls, deliveries: stored.count, lost: lost + Math.max(0, forgotten) };
}

/** @returns how many calls there are, and how many deliveries they name that are not stored */
function* compareCalls(
  rows: RowsToCompare,
  stored: StoredDeliveries,
  recount: Rollup,
  progress: Progress,
): Steps<{ calls: number; lost: number }> {
  let calls = 0;
  let lost = 0;
  yield* compareRows('calls', {
    ...rows,
    onFound: ({ call_row: row, record, seqs }) => {
      calls += 1;
      progress.add(1);
      const call = parsed(record, callFromText);
      if (call) addCounts(recount, callContribution(call), 1);
      for (const seq of (parsed(seqs, JSON.parse) as number[] | null) ?? []) {
        if (stored.has(seq)) continue;
        rows.differences.add('delivery', `${seq} of call ${row}`, 'stored', 'missing');
        lost += 1;
      }
    },
  });
  return { calls, lost };
}

/** A record that cannot be read is told of where rows are compared. */
function parsed<T>(text: unknown, parse: (text: string) => T): T | null {
  try {
    return parse(String(text));
  } catch {
    return null;
  }
}

function compareStates({ state }: Replayed, known: KnownCampaign, differences: Differences): void {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const difference = firstDifference(plain(state), plain(known.state));
  if (difference) differences.add('campaign', difference.path, difference.expected, difference.found);
}

function compareRollups(expected: Rollup, found: Rollup, differences: Differences): void {
  const off = minus(expected, found);
  for (const [key, n] of off.totals) {
    const is = found.totals.get(key) ?? 0;
    differences.add('total', key, is + n, is);
  }
  for (const [minute, counts] of off.minutes) {
    const when = iso(minute * MINUTE_MS).slice(0, 16);
    for (const [key, n] of counts) {
      const is = found.minutes.get(minute)?.get(key) ?? 0;
      differences.add('minute', `${when}Z ${key}`, is + n, is);
    }
  }
}

/** Every contact is in exactly one bucket of the ledger, and in none of them a negative number of times. */
function checkLedger({ state, rollup }: KnownCampaign, now: number, differences: Differences): void {
  const { ledger, totalCalls } = standingOf(state, rollup, now).progress;
  const sum = Object.values(ledger).reduce((so, n) => so + n, 0);
  if (sum !== totalCalls) differences.add('ledger', 'sum of its buckets', totalCalls, sum);
  for (const [bucket, n] of Object.entries(ledger)) if (n < 0) differences.add('ledger', bucket, 'at least 0', n);
}
