import type { AccountLimits } from '@ringside/protocol';
import { accessChanged, note } from './audit.ts';
import type { AuditNote, SealedToken, StoredAccount } from './records.ts';
import { rowOf, rowsOf, type Steps } from './steps.ts';

const COLUMNS = 'id, workspace, provider, auth_id, name, tokens, created_at, limits';

interface AccountRow {
  readonly id: string;
  readonly workspace: string;
  readonly provider: 'plivo';
  readonly auth_id: string;
  readonly name: string;
  readonly tokens: string;
  readonly created_at: number;
  readonly limits: string | null;
}

/** The accounts of all workspaces: whose a callback is must be known before anything else is. */
export function* accounts(): Steps<StoredAccount[]> {
  return (yield* rowsOf<AccountRow>(`SELECT ${COLUMNS} FROM provider_accounts ORDER BY created_at, id`)).map(accountOf);
}

/** @returns false when the workspace has this account already */
export function* addAccount(account: StoredAccount, audit: AuditNote): Steps<boolean> {
  const known = yield* rowOf(
    'SELECT id FROM provider_accounts WHERE workspace = $1 AND provider = $2 AND auth_id = $3',
    ...[account.workspace, account.provider, account.authId],
  );
  if (known) return false;
  yield* rowsOf(
    `INSERT INTO provider_accounts (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    ...[account.id, account.workspace, account.provider, account.authId, account.name],
    ...[JSON.stringify(account.tokens), account.createdAt, limitsText(account)],
  );
  yield* note({ ...audit, after: shown(account) });
  yield* accessChanged();
  return true;
}

export interface AccountChange {
  readonly name?: string | undefined;
  readonly limits?: AccountLimits | null | undefined;
  readonly addToken?: SealedToken | undefined;
  readonly dropTokens?: 'all-but-newest' | undefined;
}

/** @returns the account as it is now, `null` for an unknown one */
export function* changeAccount(
  workspace: string,
  id: string,
  change: AccountChange,
  audit: AuditNote,
): Steps<StoredAccount | null> {
  const before = yield* account(workspace, id);
  if (!before) return null;
  const kept = change.dropTokens ? before.tokens.slice(0, change.addToken ? 0 : 1) : before.tokens;
  const tokens = change.addToken ? [change.addToken, ...kept] : kept;
  const limits = change.limits === undefined ? before.limits : change.limits;
  const after = { ...before, name: change.name ?? before.name, limits, tokens };
  yield* rowsOf(
    'UPDATE provider_accounts SET name = $2, tokens = $3, limits = $4 WHERE id = $1',
    ...[id, after.name, JSON.stringify(tokens), limitsText(after)],
  );
  yield* note({ ...audit, before: shown(before), after: shown(after) });
  yield* accessChanged();
  return after;
}

/** @returns false for an unknown one */
export function* removeAccount(workspace: string, id: string, audit: AuditNote): Steps<boolean> {
  const before = yield* account(workspace, id);
  if (!before) return false;
  yield* rowsOf('DELETE FROM provider_accounts WHERE id = $1', id);
  yield* note({ ...audit, before: shown(before) });
  yield* accessChanged();
  return true;
}

function* account(workspace: string, id: string): Steps<StoredAccount | null> {
  const row = yield* rowOf<AccountRow>(
    `SELECT ${COLUMNS} FROM provider_accounts WHERE workspace = $1 AND id = $2`,
    ...[workspace, id],
  );
  return row && accountOf(row);
}

/** What of an account the audit log tells. */
function shown({ tokens, ...account }: StoredAccount): unknown {
  return { ...account, tokens: tokens.map(({ hint, addedAt }) => ({ hint, addedAt })) };
}

function limitsText({ limits }: Pick<StoredAccount, 'limits'>): string | null {
  return limits === null ? null : JSON.stringify(limits);
}

function accountOf(row: AccountRow): StoredAccount {
  return {
    id: row.id,
    workspace: row.workspace,
    provider: row.provider,
    authId: row.auth_id,
    name: row.name,
    tokens: JSON.parse(row.tokens),
    createdAt: row.created_at,
    limits: row.limits === null ? null : JSON.parse(row.limits),
  };
}
