import { z } from 'zod';
import { Instant } from './primitives.ts';

/** The five words that existing front ends know. */
export const Status = z.enum(['queued', 'running', 'paused', 'completed', 'failed']);
export type Status = z.infer<typeof Status>;

/** Where a campaign stands, finer than {@link Status}. */
export const Phase = z.enum([
  'draft',
  'scheduled',
  'queued',
  'running',
  'waiting',
  'pausing',
  'paused',
  'stalled',
  'finishing',
  'completed',
  'cancelled',
  'failed',
]);
export type Phase = z.infer<typeof Phase>;

/** How a call ended. Every ended call has exactly one. */
export const Outcome = z.enum([
  'completed',
  'machine',
  'app-error',
  'busy',
  'no-answer',
  'rejected',
  'invalid',
  'unreachable',
  'blocked',
  'failed',
  'canceled',
  'lost',
]);
export type Outcome = z.infer<typeof Outcome>;

export const LeadStatus = z.enum(['hot', 'warm', 'cold', 'no-answer']);
export type LeadStatus = z.infer<typeof LeadStatus>;

const count = z.number().int().min(0);
const percentage = z.number().min(0).max(100).nullable();
const wholeSeconds = z.number().int().min(0).nullable();

/** A share in percent with what it is a share of; `low` and `high` are the 95 % Wilson interval. */
export const Rate = z.object({
  value: percentage,
  numerator: count,
  denominator: count,
  low: percentage,
  high: percentage,
});
export type Rate = z.infer<typeof Rate>;

/** Why nothing may start now, in words, and until when if that is known. */
export const Blocker = z.object({ code: z.string(), message: z.string(), until: Instant.nullable() });
export type Blocker = z.infer<typeof Blocker>;

/** A call that ended, as the feed shows it. */
export const RecentCall = z.object({
  callUUID: z.string(),
  number: z.string().nullable(),
  status: Outcome,
  duration: wholeSeconds,
  endTime: Instant,
  leadStatus: LeadStatus.nullable(),
  hangupCause: z.string().nullable(),
});
export type RecentCall = z.infer<typeof RecentCall>;

/** Every contact is in exactly one of these, so they sum to `totalCalls`. */
export const Ledger = z.object({
  notStarted: count,
  waitingRetry: count,
  inFlight: count,
  reached: count,
  unreached: count,
  excluded: count,
});
export type Ledger = z.infer<typeof Ledger>;

export const Progress = z.object({
  totalCalls: count,
  completedCalls: count,
  failedCalls: count,
  remainingCalls: count,
  completionPercentage: percentage,
  estimatedTimeRemaining: z.string().nullable(),
  processedPercentage: percentage,
  totalKnown: z.boolean(),
  attempts: count,
  ledger: Ledger,
});

export const CallMetrics = z.object({
  averageDuration: wholeSeconds,
  totalDuration: count,
  answerRate: percentage,
  leadConversionRate: percentage,
  activeCalls: count,
  rates: z.object({
    answer: Rate,
    humanAnswer: Rate,
    contact: Rate,
    machine: Rate,
    shortCall: Rate,
    leadConversion: Rate,
  }),
  duration: z.object({ p50: wholeSeconds, p90: wholeSeconds, p99: wholeSeconds }),
  averageRingTime: wholeSeconds,
  outcomes: z.record(Outcome, count),
  hangupCauses: z.array(z.object({ code: z.number().int().nullable(), name: z.string(), count })),
  cost: z.object({
    currency: z.string().nullable(),
    total: z.string().nullable(),
    perAnswer: z.string().nullable(),
    perLead: z.string().nullable(),
  }),
  pace: z.object({ attemptsPerMinute: z.number().min(0).nullable(), settledPerMinute: z.number().min(0).nullable() }),
  concurrency: z.object({ active: count, peak: count, limit: count.nullable() }),
});

export const Leads = z.object({ hot: count, warm: count, cold: count, 'no-answer': count, unscored: count });

export const Timeline = z.object({
  startTime: Instant.nullable(),
  lastUpdateTime: Instant.nullable(),
  estimatedEndTime: Instant.nullable(),
});

const secondsRange = z.object({ p10: count, p50: count, p90: count });
const instantRange = z.object({ p10: Instant, p50: Instant, p90: Instant });

export const Forecast = z.object({
  seconds: secondsRange.nullable(),
  endTime: instantRange.nullable(),
  basis: z.string().nullable(),
  sample: count,
});

/** The whole of what is known about one campaign at one moment. Every member is always present. */
export const Report = z.object({
  campaignId: z.string(),
  campaignName: z.string(),
  status: Status,
  progress: Progress,
  callMetrics: CallMetrics,
  recentActivity: z.array(RecentCall).describe('Newest end first, ties by callUUID'),
  timeline: Timeline,
  version: count,
  revision: z.string(),
  asOf: Instant,
  nextPollMs: count,
  phase: Phase,
  blockers: z.array(Blocker),
  leads: Leads,
  forecast: Forecast.nullable(),
});
export type Report = z.infer<typeof Report>;

/** A report without its feed, its longer tables and most of its rates: one row of the overview. */
export const CampaignSummary = Report.omit({ recentActivity: true }).extend({
  callMetrics: CallMetrics.omit({ duration: true, hangupCauses: true }).extend({
    rates: CallMetrics.shape.rates.pick({ answer: true }),
  }),
});
export type CampaignSummary = z.infer<typeof CampaignSummary>;

/** A workspace at a glance. */
export const Overview = z.object({
  revision: z.string(),
  asOf: Instant,
  totals: z.object({
    campaigns: count,
    running: count,
    totalCalls: count,
    completedCalls: count,
    failedCalls: count,
    remainingCalls: count,
    attempts: count,
    activeCalls: count,
    answered: count,
    ended: count,
    answerRate: percentage,
    leads: Leads,
  }),
  campaigns: z.record(z.string(), CampaignSummary),
});
export type Overview = z.infer<typeof Overview>;
