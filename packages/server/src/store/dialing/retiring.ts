import { rowsOf, type Steps } from '../access/steps.ts';
import { Parameters } from './parameters.ts';

/**
 * Deletes a campaign's oldest attempts that were settled at a moment or before, and the contacts that are over with
 * them. Of whom anything is due or under way stays, with the count of its attempts.
 * @param most attempts that are deleted
 * @returns how many were
 */
export function* retireAttempts(key: string, until: number, most: number): Steps<number> {
  const gone = yield* rowsOf<{ attempt_id: string; position: number }>(
    `DELETE FROM attempts WHERE campaign_key = $1 AND attempt_id IN (
       SELECT attempt_id FROM attempts WHERE campaign_key = $1 AND settled_at <= $2 ORDER BY settled_at LIMIT $3)
     RETURNING attempt_id, position`,
    ...[key, until, most],
  );
  if (gone.length === 0) return 0;
  const given = new Parameters(key);
  const positions = given.list(gone.map(({ position }) => position));
  const ids = given.list(gone.map(({ attempt_id: id }) => id));
  const over = yield* rowsOf(
    `DELETE FROM list_contacts
     WHERE campaign_key = $1 AND position IN (${positions}) AND last_attempt IN (${ids})
       AND due_at IS NULL AND ended = attempts
     RETURNING position`,
    ...given.values,
  );
  yield* rowsOf('UPDATE lists SET retired = retired + $2 WHERE campaign_key = $1', key, over.length);
  return gone.length;
}
