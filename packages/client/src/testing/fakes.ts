import type { RecentCall, Report } from '@ringside/protocol';
import type { Timers } from '../transport.ts';

/** A clock that moves only when it is told to. */
export class FakeTimers implements Timers {
  #now = 1_000_000;
  #waiting: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#waiting.push(timer);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== timer);
    };
  }

  /** Lets time pass, and what falls due in it happen in order. */
  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#waiting = this.#waiting.filter((timer) => timer !== next);
      this.#now = next.at;
      next.run();
    }
    this.#now = until;
  }
}

export function callOf(callUUID: string, endTime: string, changes: Partial<RecentCall> = {}): RecentCall {
  return {
    callUUID,
    number: '+919876543210',
    status: 'completed',
    duration: 60,
    endTime,
    leadStatus: null,
    hangupCause: 'Normal Hangup',
    ...changes,
  };
}

/** A report of which only the members that a test names matter. */
export function reportOf(campaignId: string, revision: string, changes: Partial<Report> = {}): Report {
  const report: Partial<Report> = {
    campaignId,
    revision,
    recentActivity: [],
    forecast: null,
    blockers: [],
    ...changes,
  };
  return report as Report;
}
