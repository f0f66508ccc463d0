import { accessChanged, note } from './audit.ts';
import type { AuditNote, StoredShareLink } from './records.ts';
import { rowOf, rowsOf, type Steps } from './steps.ts';

const COLUMNS =
  'id, secret_hash, workspace, campaign_id, name, created_at, created_by, expires_at, last_used_at, revoked_at';

interface LinkRow {
  readonly id: string;
  readonly secret_hash: string;
  readonly workspace: string;
  readonly campaign_id: string | null;
  readonly name: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly expires_at: number;
  readonly last_used_at: number | null;
  readonly revoked_at: number | null;
}

/** The links of a workspace, newest first. */
export function* shareLinks(workspace: string): Steps<StoredShareLink[]> {
  const rows = yield* rowsOf<LinkRow>(
    `SELECT ${COLUMNS} FROM share_links WHERE workspace = $1 ORDER BY created_at DESC, id`,
    workspace,
  );
  return rows.map(linkOf);
}

export function* shareLink(id: string): Steps<StoredShareLink | null> {
  const row = yield* rowOf<LinkRow>(`SELECT ${COLUMNS} FROM share_links WHERE id = $1`, id);
  return row && linkOf(row);
}

export function* addShareLink(link: StoredShareLink, audit: AuditNote): Steps<void> {
  yield* rowsOf(
    `INSERT INTO share_links (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    ...[link.id, link.secretHash, link.workspace, link.campaignId, link.name],
    ...[link.createdAt, link.createdBy, link.expiresAt, link.lastUsedAt, link.revokedAt],
  );
  yield* note({ ...audit, after: shown(link) });
}

/** Ends a link. @returns the link as it is now, `null` for an unknown one; ending it twice changes nothing */
export function* revokeShareLink(workspace: string, id: string, audit: AuditNote): Steps<StoredShareLink | null> {
  const before = yield* shareLink(id);
  if (!before || before.workspace !== workspace) return null;
  if (before.revokedAt !== null) return before;
  const after = { ...before, revokedAt: audit.at };
  yield* rowsOf('UPDATE share_links SET revoked_at = $2 WHERE id = $1', id, audit.at);
  yield* note({ ...audit, before: shown(before), after: shown(after) });
  yield* accessChanged();
  return after;
}

export function* usedShareLink(id: string, at: number): Steps<void> {
  yield* rowsOf('UPDATE share_links SET last_used_at = $2 WHERE id = $1', id, at);
}

export function isOpen(link: StoredShareLink, now: number): boolean {
  return link.revokedAt === null && link.expiresAt > now;
}

function shown({ secretHash: _hash, lastUsedAt: _used, ...link }: StoredShareLink): unknown {
  return link;
}

function linkOf(row: LinkRow): StoredShareLink {
  return {
    id: row.id,
    secretHash: row.secret_hash,
    workspace: row.workspace,
    campaignId: row.campaign_id,
    name: row.name,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}
