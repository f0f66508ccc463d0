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

/** `2 calls a second, 10 live at once` */
export function paceLine(pace: Pace | null): string {
  const parts = [
    pace?.callsPerSecond === undefined ? '' : `${pace.callsPerSecond} calls a second`,
    pace?.concurrency === undefined ? '' : `${pace.concurrency} live at once`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'as fast as the account allows' : parts.join(', ');
}
