import type { Phase, Report } from '@ringside/protocol';
import type { Interval } from '../active-time.ts';

/**
 * All that a forecast is made of: plain data, gathered from counters and a few hundred rows, whatever the size of the
 * campaign. Times are epoch milliseconds.
 */
export interface ForecastInput {
  readonly now: number;
  readonly phase: Phase;
  /** False while nobody has said how long the list is. */
  readonly totalKnown: boolean;
  /** The stretches in which the campaign was dialing: without its pauses and its closed hours. Oldest first. */
  readonly active: readonly Interval[];
  /** Known hours in which nothing may be dialed, past and to come. Oldest first, not overlapping. */
  readonly closed: readonly Interval[];
  readonly notStarted: number;
  /** Contacts whose calls have all ended without reaching them. */
  readonly open: readonly OpenContacts[];
  readonly live: LiveCalls;
  /** Declared policy; `null` lets the forecast infer one from what it sees. */
  readonly retry: RetryPolicy | null;
  readonly pace: DeclaredPace | null;
  /** Ended calls of the whole life of the campaign. */
  readonly ended: number;
  /** The newest ended calls, newest first; about {@link SAMPLE_CALLS} are enough. */
  readonly sample: readonly SampleCall[];
  /** Starts, ends and live calls of recent 10 s slots that lie in active time, oldest first. */
  readonly slots: readonly PaceSlot[];
  /** Minutes of the campaign's whole life in which calls ended, oldest first. */
  readonly minutes: readonly EndedMinute[];
}

/** How many of the newest ended calls a store should hand over: fewer leave the mean length of a call uncertain. */
export const SAMPLE_CALLS = 800;
/** How many live calls a store should hand over, those that were placed first. */
export const LIVE_CALLS = 400;

/** Contacts alike: as many ended attempts, the last of them in the same minute. */
export interface OpenContacts {
  readonly attempts: number;
  readonly contacts: number;
  /** End of the last attempt, to the minute; nothing of the kind where a retry was announced. */
  readonly endedAt: number;
  /** When another attempt was announced for, to the minute. `null`: the ends said nothing. */
  readonly dueAt: number | null;
}

export interface LiveCalls {
  readonly count: number;
  /** Those whose start is known; may be fewer than `count`. */
  readonly calls: readonly LiveCall[];
}

export interface LiveCall {
  readonly startedAt: number;
  /** Which attempt at its contact this is, from 1. `null`: not known. */
  readonly attempt: number | null;
}

export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly delaySeconds: number;
}

export interface DeclaredPace {
  readonly callsPerSecond: number | null;
  readonly concurrency: number | null;
}

/** One ended call. */
export interface SampleCall {
  readonly startedAt: number;
  readonly endedAt: number;
  /** It settled its contact: its outcome is `completed`. */
  readonly reached: boolean;
  /** Which attempt at its contact it was, from 1. `null`: not known. */
  readonly attempt: number | null;
  /** Milliseconds from the end of the contact's attempt before to the start of this one. */
  readonly waitedMs: number | null;
  /** Milliseconds from its end to the next attempt that its end announced. */
  readonly announcedMs: number | null;
}

/** Ten seconds of dialing. */
export interface PaceSlot {
  readonly at: number;
  readonly started: number;
  readonly ended: number;
  /** Calls live at the end of the slot, as far as their starts are known by now. */
  readonly live: number;
}

/** A minute of dialing, by its start. */
export interface EndedMinute {
  readonly at: number;
  /** Calls that ended in it. */
  readonly ended: number;
}

/** What people read; see the report's schema. */
export type Forecast = NonNullable<Report['forecast']>;
