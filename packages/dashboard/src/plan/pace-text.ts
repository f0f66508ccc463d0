import type { Pace } from '@ringside/protocol';

/** A pace as it stands in fields; empty is without a limit of its own. */
export interface PaceText {
  readonly callsPerSecond: string;
  readonly concurrency: string;
}

export function paceText(pace: Pace | null): PaceText {
  return {
    callsPerSecond: pace?.callsPerSecond === undefined ? '' : String(pace.callsPerSecond),
    concurrency: pace?.concurrency === undefined ? '' : String(pace.concurrency),
  };
}

export function paceOf({ callsPerSecond, concurrency }: PaceText): Pace {
  return {
    ...(callsPerSecond.trim() === '' ? {} : { callsPerSecond: Number(callsPerSecond) }),
    ...(concurrency.trim() === '' ? {} : { concurrency: Number(concurrency) }),
  };
}
