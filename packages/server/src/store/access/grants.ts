import { accessChanged, note } from './audit.ts';
import { isAlive, keyByHash, keyById } from './keys.ts';
import type { AuditNote, StoredGrant, StoredSession } from './records.ts';
import { isOpen, shareLink } from './share-links.ts';
import { rowOf, rowsOf, type Steps } from './steps.ts';
import { workspace } from './workspaces.ts';

interface SessionRow {
  readonly session_hash: string;
  readonly kind: StoredSession['kind'];
  readonly workspace: string;
  readonly key_id: string | null;
  readonly share_id: string | null;
  readonly login: string | null;
  readonly origin: string | null;
  readonly parent_hash: string | null;
  readonly expires_at: number;
}

const COLUMNS = 'session_hash, kind, workspace, key_id, share_id, login, origin, parent_hash, expires_at';

/** Who somebody is that was let in before: enough to see whether that still holds. */
export interface Bearer {
  readonly workspace: string;
  readonly keyId: string | null;
  readonly shareId: string | null;
  readonly login: StoredSession['login'];
  readonly sessionHash: string | null;
}

/** What a key grants now, or `null`. */
export function* grantOfKey(hash: string, now: number): Steps<StoredGrant | null> {
  const key = yield* keyByHash(hash);
  return key && (yield* grantOf({ ...nobody, workspace: key.workspace, keyId: key.id }, now));
}

/** What a cookie's session grants now, or `null`. */
export function* grantOfSession(hash: string, now: number): Steps<StoredGrant | null> {
  const session = yield* sessionOf(hash);
  if (session?.kind !== 'session' || session.expiresAt <= now) return null;
  const grant = yield* grantOf({ ...session, sessionHash: null }, now);
  return grant && { ...grant, session };
}

/** Uses a ticket up. @param origin the page that asks, which must be the one that the ticket was made for */
export function* takeTicket(hash: string, origin: string | null, now: number): Steps<StoredGrant | null> {
  const ticket = yield* sessionOf(hash);
  if (ticket?.kind !== 'ticket') return null;
  yield* rowsOf('DELETE FROM sessions WHERE session_hash = $1', hash);
  if (ticket.expiresAt <= now || ticket.origin !== origin) return null;
  return yield* grantOf({ ...ticket, sessionHash: ticket.parentHash }, now);
}

/** What somebody who was let in before is granted now, or `null`. */
export function* grantOf(bearer: Bearer, now: number): Steps<StoredGrant | null> {
  const { keyId, shareId, sessionHash, login } = bearer;
  const home = yield* workspace(bearer.workspace);
  if (!home || home.closedAt !== null) return null;
  const key = keyId === null ? null : yield* keyById(keyId);
  if (keyId !== null && !(key && isAlive(key, now))) return null;
  const link = shareId === null ? null : yield* shareLink(shareId);
  if (shareId !== null && !(link && isOpen(link, now))) return null;
  const session = sessionHash === null ? null : yield* sessionOf(sessionHash);
  if (sessionHash !== null && !(session && session.expiresAt > now)) return null;
  return { workspace: home, key, link, login, session };
}

/** Starts a session or makes a ticket; one that is there already stays as it is. What has expired goes. */
export function* addSession(session: StoredSession, now: number, audit: AuditNote | null): Steps<void> {
  yield* rowsOf('DELETE FROM sessions WHERE expires_at <= $1', now);
  yield* rowsOf(
    `INSERT INTO sessions (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (session_hash) DO NOTHING`,
    ...[session.hash, session.kind, session.workspace, session.keyId, session.shareId],
    ...[session.login && JSON.stringify(session.login), session.origin, session.parentHash, session.expiresAt],
  );
  if (audit) yield* note(audit);
}

export function* endSession(hash: string, audit: AuditNote): Steps<void> {
  const ended = yield* rowOf('DELETE FROM sessions WHERE session_hash = $1 RETURNING session_hash', hash);
  if (!ended) return;
  yield* note(audit);
  yield* accessChanged();
}

const nobody = { keyId: null, shareId: null, login: null, sessionHash: null };

function* sessionOf(hash: string): Steps<StoredSession | null> {
  const row = yield* rowOf<SessionRow>(`SELECT ${COLUMNS} FROM sessions WHERE session_hash = $1`, hash);
  if (!row) return null;
  return {
    hash: row.session_hash,
    kind: row.kind,
    workspace: row.workspace,
    keyId: row.key_id,
    shareId: row.share_id,
    login: row.login === null ? null : JSON.parse(row.login),
    origin: row.origin,
    parentHash: row.parent_hash,
    expiresAt: row.expires_at,
  };
}
