import type { Outcome } from '@ringside/protocol';

/** How one call ended. */
export interface CallEnd {
  /** On a clock that only goes forward, milliseconds. */
  readonly at: number;
  readonly outcome: Outcome;
  /** In the provider's words, without numbers. */
  readonly cause: string | null;
}

export interface BreakerSettings {
  readonly windowMs: number;
  /** Fewer ends say nothing. */
  readonly atLeast: number;
  /** From this share of failures on it opens. */
  readonly share: number;
}

export const usualBreaker: BreakerSettings = { windowMs: 5 * 60_000, atLeast: 20, share: 0.8 };

/** Ends that speak of something broken, or of a bad list; busy lines and people who do not answer are usual. */
const failures: ReadonlySet<Outcome> = new Set(['failed', 'app-error', 'blocked', 'invalid', 'unreachable']);
const CAUSES_NAMED = 3;

/** The ends that count, of those that came up lately. @param ends in any order */
export function recentEnds(ends: readonly CallEnd[], clock: number, { windowMs }: BreakerSettings): CallEnd[] {
  return ends.filter(({ at }) => at > clock - windowMs);
}

/**
 * Whether so many calls failed that dialing on would burn the rest of the list.
 * @returns the evidence in words, or `null` while all is well
 */
export function burstOf(ends: readonly CallEnd[], clock: number, settings: BreakerSettings): string | null {
  const recent = recentEnds(ends, clock, settings);
  const failed = recent.filter(({ outcome }) => failures.has(outcome));
  if (recent.length < settings.atLeast || failed.length < recent.length * settings.share) return null;
  const minutes = Math.max(1, Math.round(settings.windowMs / 60_000));
  const within = `${minutes} minute${minutes === 1 ? '' : 's'}`;
  return `${failed.length} of the ${recent.length} calls that ended within ${within} failed: ${topCauses(failed)}`;
}

/** Most frequent first, ties by name. */
function topCauses(ends: readonly CallEnd[]): string {
  const counts = new Map<string, number>();
  for (const { cause, outcome } of ends) {
    const name = cause === null ? outcome : `${outcome} (${cause})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const named = sorted.slice(0, CAUSES_NAMED).map(([name, count]) => `${count} × ${name}`);
  return [...named, ...(sorted.length > CAUSES_NAMED ? ['others'] : [])].join(', ');
}
