import type { Outcome, Phase, RecentCall, Report } from '@ringside/protocol';
import { Outcome as OutcomeSchema } from '@ringside/protocol';
import { lastOf, lengthOf } from './active-time.ts';
import { type Call, callUuid } from './call.ts';
import { factsOf } from './call-facts.ts';
import { fact } from './campaign.ts';
import { attemptsIn, peakConcurrency, settledIn } from './concurrency.ts';
import { dialingIntervals } from './dialing/campaign-hours.ts';
import type { CampaignState } from './fold-work.ts';
import type { ForecastResult } from './forecast/forecast.ts';
import { hangupName } from './hangup.ts';
import { percentile } from './histogram.ts';
import { numberOf } from './identity.ts';
import { iso } from './instant.ts';
import { retryReadingOf } from './ledger.ts';
import { isTicking, type Standing, standingOf, statusOf } from './phase.ts';
import { shownNumber } from './phone.ts';
import { average, decimal, percent, rate } from './rates.ts';
import { compare } from './register.ts';
import { minuteOf, type Rollup, total, totalsUnder } from './rollup.ts';

/** Reports are evaluated at multiples of this while anything may change with time alone. */
export const TICK_MS = 5_000;
const PACE_WINDOW_MS = 5 * 60_000;

/** All that a report is made of, but for the clock. */
export interface ReportInput {
  readonly campaignId: string;
  readonly state: CampaignState;
  readonly rollup: Rollup;
  /** Newest end first, as many as wanted. */
  readonly recentCalls: readonly RecentCall[];
  /** Names this life of the store; part of the revision. */
  readonly epoch: string;
  /** When it will end, computed apart because it costs more than the rest; `null` where nobody asked for it. */
  readonly forecast: ForecastResult | null;
}

/** The moment at which a report is evaluated, and the revision it then has. */
export interface ReportClock {
  readonly at: number;
  readonly revision: string;
}

/**
 * Quantises the clock, so that all readers within one tick see the same report and the same revision. It never lies
 * before what was heard last, so that a pause shows at once and not at the next tick.
 */
export function reportClock(input: Pick<ReportInput, 'state' | 'rollup' | 'epoch'>, now: number): ReportClock {
  const { state, rollup, epoch } = input;
  const tick = Math.floor(now / TICK_MS);
  const heardAt = state.lastAt !== null && state.lastAt <= now ? state.lastAt : 0;
  const at = Math.max(tick * TICK_MS, heardAt);
  const { phase } = standingOf(state, rollup, at);
  if (isTicking(phase) || heardAt === 0) return { at, revision: `${epoch}.${state.version}.${tick.toString(36)}` };
  return { at: heardAt, revision: `${epoch}.${state.version}.idle` };
}

/**
 * The report: a pure function of a campaign's counters, its own record, its newest calls and the clock.
 * What it costs does not depend on how many calls there are.
 */
export function report(input: ReportInput, clock: ReportClock): Report {
  const { state, rollup } = input;
  const standing = standingOf(state, rollup, clock.at);
  const completed = total(rollup, 'outcome.completed');
  const ended = total(rollup, 'ended');
  return {
    campaignId: input.campaignId,
    campaignName: fact(state.campaign, 'name') ?? input.campaignId,
    status: statusOf[standing.phase],
    progress: progressSection(standing, rollup, input.forecast),
    callMetrics: {
      averageDuration: average(total(rollup, 'talk'), total(rollup, 'talked')),
      totalDuration: total(rollup, 'talk'),
      answerRate: percent(total(rollup, 'answered'), ended),
      leadConversionRate: percent(total(rollup, 'leads'), completed),
      activeCalls: total(rollup, 'attempts') - ended,
      ...metricsSection(input, standing, clock.at),
    },
    recentActivity: [...input.recentCalls],
    timeline: {
      startTime: standing.startedAt === null ? null : iso(standing.startedAt),
      lastUpdateTime: state.lastAt === null ? null : iso(state.lastAt),
      estimatedEndTime: input.forecast?.forecast.endTime?.p50 ?? null,
    },
    version: state.version,
    revision: clock.revision,
    asOf: iso(clock.at),
    nextPollMs: pollInterval(standing.phase, rollup, clock.at),
    phase: standing.phase,
    blockers: [...standing.blockers],
    leads: {
      hot: total(rollup, 'lead.hot'),
      warm: total(rollup, 'lead.warm'),
      cold: total(rollup, 'lead.cold'),
      'no-answer': total(rollup, 'lead.no-answer'),
      unscored: total(rollup, 'lead.unscored'),
    },
    forecast: input.forecast?.forecast ?? null,
  };
}

/** A call of the feed, or `null` while it is live. */
export function recentCallOf(call: Call, country: string | null): RecentCall | null {
  const facts = factsOf(call);
  if (facts.endedAt === null || facts.outcome === null) return null;
  const end = call.ended?.value;
  const number = numberOf(call, country);
  return {
    callUUID: callUuid(call),
    number: number === null ? null : shownNumber(number),
    status: facts.outcome,
    duration: facts.talkSeconds,
    endTime: iso(facts.endedAt),
    leadStatus: facts.lead,
    hangupCause: end?.cause ?? (end?.code == null ? null : hangupName(end.code)),
  };
}

/** Order of the feed: newest end first, ties by callUUID. */
export function byNewestEnd(a: RecentCall, b: RecentCall): number {
  return Date.parse(b.endTime) - Date.parse(a.endTime) || compare(a.callUUID, b.callUUID);
}

function progressSection({ progress }: Standing, rollup: Rollup, forecast: ForecastResult | null): Report['progress'] {
  const { ledger, totalCalls, totalKnown } = progress;
  const processed = ledger.reached + ledger.unreached + ledger.excluded;
  return {
    totalCalls,
    completedCalls: ledger.reached,
    failedCalls: ledger.unreached,
    remainingCalls: ledger.notStarted + ledger.waitingRetry + ledger.inFlight,
    completionPercentage: totalKnown ? percent(ledger.reached, totalCalls) : null,
    estimatedTimeRemaining: forecast?.estimatedTimeRemaining ?? null,
    processedPercentage: totalKnown ? percent(processed, totalCalls) : null,
    totalKnown,
    attempts: total(rollup, 'attempts'),
    ledger,
  };
}

type Metrics = Omit<
  Report['callMetrics'],
  'averageDuration' | 'totalDuration' | 'answerRate' | 'leadConversionRate' | 'activeCalls'
>;

function metricsSection(input: ReportInput, standing: Standing, now: number): Metrics {
  const { state, rollup } = input;
  const active = total(rollup, 'attempts') - total(rollup, 'ended');
  const durations = new Map([...totalsUnder(rollup, 'hist.')].map(([bucket, n]) => [Number(bucket), n]));
  return {
    rates: ratesSection(rollup),
    duration: { p50: percentile(durations, 0.5), p90: percentile(durations, 0.9), p99: percentile(durations, 0.99) },
    averageRingTime: average(total(rollup, 'ring'), total(rollup, 'rung') * 1000),
    outcomes: Object.fromEntries(
      OutcomeSchema.options.map((outcome) => [outcome, total(rollup, `outcome.${outcome}`)]),
    ) as Record<Outcome, number>,
    hangupCauses: causesSection(rollup),
    cost: costSection(input),
    pace: paceSection(state, rollup, standing, now),
    concurrency: {
      active,
      peak: peakConcurrency(rollup, active),
      limit: fact(state.campaign, 'pace')?.concurrency ?? null,
    },
  };
}

function ratesSection(rollup: Rollup): Metrics['rates'] {
  const ended = total(rollup, 'ended');
  const answered = total(rollup, 'answered');
  return {
    answer: rate(answered, ended),
    humanAnswer: rate(total(rollup, 'human'), ended),
    contact: rate(total(rollup, 'spoken'), total(rollup, 'tried')),
    machine: rate(total(rollup, 'machine'), answered),
    shortCall: rate(total(rollup, 'short'), answered),
    leadConversion: rate(total(rollup, 'leads'), total(rollup, 'outcome.completed')),
  };
}

/** Most frequent first, ties by code, so that the order does not depend on arrival. */
function causesSection(rollup: Rollup): Metrics['hangupCauses'] {
  return [...totalsUnder(rollup, 'cause.')]
    .map(([cause, count]) => {
      if (cause.startsWith(':')) return { code: null, name: cause.slice(1) || 'Not given', count };
      return { code: Number(cause), name: hangupName(Number(cause)) ?? `Unknown code ${cause}`, count };
    })
    .sort((a, b) => b.count - a.count || (a.code ?? 1e6) - (b.code ?? 1e6) || compare(a.name, b.name));
}

/** Spend in one currency. Amounts in several currencies do not add up, so then the total is unknown. */
function costSection({ state, rollup }: ReportInput): Metrics['cost'] {
  const declared = fact(state.campaign, 'currency');
  const priced = [...totalsUnder(rollup, 'priced.').keys()];
  const currencies = new Set(priced.map((currency) => currency || declared));
  if (currencies.size !== 1) {
    return { currency: currencies.size === 0 ? declared : null, total: null, perAnswer: null, perLead: null };
  }
  const micros = priced.reduce((sum, currency) => sum + total(rollup, `cost.${currency}`), 0);
  const per = (count: number): string | null =>
    count === 0 ? null : decimal(Math.floor((2 * micros + count) / (2 * count)));
  return {
    currency: [...currencies][0] ?? null,
    total: decimal(micros),
    perAnswer: per(total(rollup, 'answered')),
    perLead: per(total(rollup, 'leads')),
  };
}

/** Attempts and settled contacts a minute over the last five minutes of active time. */
function paceSection(state: CampaignState, rollup: Rollup, standing: Standing, now: number): Metrics['pace'] {
  const unknown = { attemptsPerMinute: null, settledPerMinute: null };
  if (standing.startedAt === null) return unknown;
  const over = standing.phase === 'completed' || standing.phase === 'cancelled' || standing.phase === 'failed';
  const end = over ? Math.min(now, state.lastAt ?? now) : now;
  const window = lastOf(
    dialingIntervals(state.campaign, rollup, { from: standing.startedAt, to: end }),
    PACE_WINDOW_MS,
  );
  const minutes = lengthOf(window) / 60_000;
  if (minutes < 0.5) return unknown;
  const maxAttempts = retryReadingOf(state.campaign).policy?.maxAttempts ?? 1;
  return {
    attemptsPerMinute: Math.round((attemptsIn(rollup, window) / minutes) * 10) / 10,
    settledPerMinute: Math.round((settledIn(rollup, window, maxAttempts) / minutes) * 10) / 10,
  };
}

/** Front ends are told how often to ask: often while calls end, seldom when nothing can change. */
function pollInterval(phase: Phase, rollup: Rollup, now: number): number {
  if (!isTicking(phase)) return 30_000;
  const thisMinute = rollup.minutes.get(minuteOf(now))?.get('ended') ?? 0;
  const lastMinute = rollup.minutes.get(minuteOf(now) - 1)?.get('ended') ?? 0;
  return thisMinute + lastMinute > 0 ? 2_000 : 5_000;
}
