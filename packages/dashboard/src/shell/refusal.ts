import type { IntakeStatus } from '@ringside/client';
import { readInstant } from '../readers.ts';

/** A refusal is news for this long; a forged callback of last week is not. */
const NEWS_MS = 10 * 60_000;

/**
 * How bad refused callbacks are: `all` when nothing but refusals came since the start, or since the last good callback
 * for a while; `some` when good ones arrive beside them.
 */
export function gravityOf(intake: IntakeStatus, now: number): 'none' | 'some' | 'all' {
  const { lastRefusal, lastCallbackAt } = intake;
  if (!lastRefusal || now - readInstant(lastRefusal.at) > NEWS_MS) return 'none';
  if (lastCallbackAt === null) return 'all';
  return readInstant(lastRefusal.at) - readInstant(lastCallbackAt) > NEWS_MS / 10 ? 'all' : 'some';
}
