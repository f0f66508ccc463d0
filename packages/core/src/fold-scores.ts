import type { LeadRules } from '@ringside/protocol';
import type { Contact } from './contact.ts';
import { adopt, changedRows, type Found, nothingWanted, put, type Wanted, type Work } from './fold-work.ts';
import { countsAttempts, isScored, scored } from './lead-score.ts';

/** Contacts whose attempts a batch changed. */
export interface ContactChange {
  readonly before: Contact | undefined;
  readonly after: Contact;
}

/**
 * Scores what the batch changed by the rules that hold after it. Where these count attempts, also calls outside the
 * batch that another attempt of their contact has moved to another place.
 */
export function* scoreCalls(
  work: Work,
  contacts: readonly ContactChange[],
  rules: LeadRules,
): Generator<Wanted, void, Found> {
  const rows = new Set(changedRows(work).map(({ row }) => row));
  const counts = countsAttempts(rules);
  if (counts) {
    const moved = contacts.flatMap(movedCalls);
    const missing = moved.filter((row) => !work.before.has(row));
    if (missing.length > 0) {
      const found = yield { ...nothingWanted, rows: missing };
      for (const row of found.calls) adopt(work, row);
    }
    for (const row of moved) rows.add(row);
  }
  const places = placesOf(counts ? contacts.map(({ after }) => after) : []);
  for (const key of rows) {
    const row = work.rows.get(key);
    if (!row) continue;
    const call = scored(row.call, rules, places.get(key) ?? 1);
    if (call !== row.call) put(work, { ...row, call });
  }
}

/** Each call's place among its contact's attempts, 1 for the first, by row key. */
export function placesOf(contacts: readonly Contact[]): ReadonlyMap<string, number> {
  return new Map(contacts.flatMap(({ attempts }) => attempts.map(({ call }, index) => [call, index + 1] as const)));
}

/** Calls with a score that stay with their contact but are no longer in the same place. */
function movedCalls({ before, after }: ContactChange): string[] {
  if (before === undefined) return [];
  const places = placesOf([before]);
  return after.attempts
    .filter((attempt, index) => isScored(attempt) && places.has(attempt.call) && places.get(attempt.call) !== index + 1)
    .map((attempt) => attempt.call);
}
