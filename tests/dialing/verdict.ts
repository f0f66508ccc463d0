import type { Report } from '@ringside/protocol';
import type { PlacedCall } from '@ringside/sandbox';

/** What the provider's record says against the dialer; every list should be empty. */
export interface Verdict {
  /** Contacts called again after they were reached, while another call was live, or more often than allowed. */
  readonly twice: string[];
  /** Attempts of which two calls were made. */
  readonly doubled: string[];
  /** Contacts that were never called. */
  readonly forgotten: string[];
  /** What the report counts otherwise than the record. */
  readonly differences: string[];
}

export interface Expected {
  readonly numbers: readonly string[];
  readonly maxAttempts: number;
}

/** Compares what the provider did with what was wanted, and with what the report says. */
export function verdictOf(made: readonly PlacedCall[], report: Report, { numbers, maxAttempts }: Expected): Verdict {
  const calls = new Map<string, PlacedCall[]>(numbers.map((number) => [number, []]));
  for (const call of made) calls.get(call.number)?.push(call);
  return {
    twice: [...calls].flatMap(([number, list]) => wrongly(number, list, maxAttempts)),
    doubled: repeated(made.flatMap(({ attemptId }) => attemptId ?? [])),
    forgotten: [...calls].filter(([, list]) => list.length === 0).map(([number]) => number),
    differences: differences([...calls.values()], made, report),
  };
}

function wrongly(number: string, calls: readonly PlacedCall[], maxAttempts: number): string[] {
  const faults = calls.length > maxAttempts ? [`${number}: ${calls.length} calls`] : [];
  calls.forEach((call, place) => {
    const before = calls[place - 1];
    if (!before) return;
    if (call.requestedAt < before.endedAt) faults.push(`${number}: called while a call was live`);
    if (before.outcome === 'completed') faults.push(`${number}: called after it was reached`);
  });
  return faults;
}

function differences(contacts: readonly PlacedCall[][], made: readonly PlacedCall[], report: Report): string[] {
  const { ledger } = report.progress;
  const isReached = (calls: readonly PlacedCall[]): boolean => calls.some(({ outcome }) => outcome === 'completed');
  const reached = contacts.filter(isReached).length;
  const talk = made.reduce((sum, { outcome, duration }) => sum + (outcome === 'completed' ? duration : 0), 0);
  const figures: readonly (readonly [string, number | null, number])[] = [
    ['reached', ledger.reached, reached],
    ['unreached', ledger.unreached, contacts.length - reached],
    ['in flight', ledger.inFlight, 0],
    ['waiting', ledger.waitingRetry + ledger.notStarted, 0],
    ['talk seconds', report.callMetrics.totalDuration, talk],
    [
      'completed calls',
      report.callMetrics.outcomes.completed,
      made.filter((call) => call.outcome === 'completed').length,
    ],
  ];
  return figures.flatMap(([what, told, really]) => (told === really ? [] : [`${what}: ${told}, really ${really}`]));
}

/**
 * What else the report counts otherwise, where no answer was lost: an attempt that was proved not to be a call is among its
 * failed ones, and of that the provider knows nothing.
 */
export function otherOutcomes(made: readonly PlacedCall[], { progress, callMetrics }: Report): string[] {
  const told = Object.entries(callMetrics.outcomes);
  const differing = told.flatMap(([outcome, count]) => {
    const really = made.filter((call) => call.outcome === outcome).length;
    return count === really ? [] : [`${outcome}: ${count}, really ${really}`];
  });
  return progress.attempts === made.length
    ? differing
    : [`attempts: ${progress.attempts}, really ${made.length}`, ...differing];
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.has(id) || !seen.add(id));
}
