import { rowOf, rowsOf, type Steps } from '../access/steps.ts';

/** Who sends a command again does so within this time. */
const KEPT_MS = 48 * 3_600_000;

/** @returns the answer that was stored under the key before, or `null` after storing this one */
export function* onceByKey(workspace: string, key: string, answer: string, now: number): Steps<string | null> {
  yield* rowsOf('DELETE FROM commands WHERE at < $1', now - KEPT_MS);
  const stored = yield* rowOf(
    `INSERT INTO commands (workspace, key, answer, at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (workspace, key) DO NOTHING RETURNING at`,
    ...[workspace, key, answer, now],
  );
  return stored ? null : yield* answerByKey(workspace, key);
}

/** @returns the answer that is stored under the key, `null` without one */
export function* answerByKey(workspace: string, key: string): Steps<string | null> {
  const sql = 'SELECT answer FROM commands WHERE workspace = $1 AND key = $2';
  const known = yield* rowOf<{ answer: string }>(sql, workspace, key);
  return known?.answer ?? null;
}
