import { type RunRecord, summarise, type Totals } from '../record.ts';
import type { CallBook } from './call-book.ts';
import { type ContactState, contactLedger } from './contact-ledger.ts';
import type { Line } from './line.ts';

/** What an API did so far. */
export interface ApiSummary {
  /** Requests for calls, and where the calls are that they led to. `calls` are those that were placed. */
  readonly counts: Readonly<Record<'posts' | 'queued' | 'cancelled' | 'calls' | 'live' | 'over', number>>;
  /** By the definitions of Ringside's report. */
  readonly totals: Totals;
  readonly ledger: Readonly<Record<ContactState, number>>;
  /** Attempts of the dialer that led to more than one call: there should be none. */
  readonly dialedTwice: readonly string[];
  readonly traffic: RunRecord['traffic'];
  readonly undelivered: number;
}

export interface SummarySource {
  readonly book: CallBook;
  readonly lines: ReadonlyMap<string, Pick<Line, 'queued'>>;
  readonly record: Pick<RunRecord, 'traffic' | 'undelivered'>;
}

/** @param campaignId limits `totals`, `ledger`, `dialedTwice` and the counts of calls to one campaign */
export function summariseApi({ book, lines, record }: SummarySource, campaignId?: string): ApiSummary {
  const calls = [...book.placed.values()].filter((call) => campaignId === undefined || call.campaignId === campaignId);
  const over = calls.filter((call) => call.ended).length;
  const queued = [...lines.values()]
    .flatMap((line) => [...line.queued.values()])
    .filter(({ request }) => campaignId === undefined || request.campaignId === campaignId).length;
  const { posts, cancelled } = book;
  return {
    counts: { posts: posts.length, queued, cancelled, calls: calls.length, live: calls.length - over, over },
    totals: summarise(calls),
    ledger: contactLedger(calls).counts,
    dialedTwice: repeated(calls.flatMap(({ attemptId }) => attemptId ?? [])),
    traffic: record.traffic,
    undelivered: record.undelivered.length,
  };
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  const again = ids.filter((id) => seen.has(id) || !seen.add(id));
  return [...new Set(again)];
}
