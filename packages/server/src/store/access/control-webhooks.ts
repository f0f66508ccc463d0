import { note } from './audit.ts';
import type { AuditNote } from './records.ts';
import { rowOf, rowsOf, type Steps } from './steps.ts';

/** Where a workspace's external dialers are sent commands. */
export interface StoredWebhook {
  readonly workspace: string;
  readonly url: string;
  /** Sealed. */
  readonly secret: string;
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly changedAt: number;
}

interface WebhookRow {
  readonly url: string;
  readonly secret: string;
  readonly timeout_ms: number;
  readonly changed_at: number;
}

export function* controlWebhook(workspace: string): Steps<StoredWebhook | null> {
  const sql = 'SELECT url, secret, timeout_ms, changed_at FROM control_webhooks WHERE workspace = $1';
  const row = yield* rowOf<WebhookRow>(sql, workspace);
  return row && { workspace, url: row.url, secret: row.secret, timeoutMs: row.timeout_ms, changedAt: row.changed_at };
}

/**
 * Sets it; the secret is that of before unless there is none or it is to be another one.
 * @param offered a sealed secret that was just made
 * @returns it as it is now: whether the offered secret was taken shows by comparing
 */
export function* putControlWebhook(
  offered: StoredWebhook,
  keepsSecret: boolean,
  audit: AuditNote,
): Steps<StoredWebhook> {
  const before = yield* controlWebhook(offered.workspace);
  const after = { ...offered, secret: keepsSecret && before ? before.secret : offered.secret };
  yield* rowsOf(
    `INSERT INTO control_webhooks (workspace, url, secret, timeout_ms, changed_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (workspace) DO UPDATE SET url = excluded.url, secret = excluded.secret,
       timeout_ms = excluded.timeout_ms, changed_at = excluded.changed_at`,
    ...[after.workspace, after.url, after.secret, after.timeoutMs, after.changedAt],
  );
  yield* note({ ...audit, before: before && shown(before), after: shown(after) });
  return after;
}

/** @returns false where there was none */
export function* removeControlWebhook(workspace: string, audit: AuditNote): Steps<boolean> {
  const before = yield* controlWebhook(workspace);
  if (!before) return false;
  yield* rowsOf('DELETE FROM control_webhooks WHERE workspace = $1', workspace);
  yield* note({ ...audit, before: shown(before) });
  return true;
}

/** What of it the audit log tells. */
function shown({ secret: _secret, ...webhook }: StoredWebhook): unknown {
  return webhook;
}
