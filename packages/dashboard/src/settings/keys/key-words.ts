import type { ApiKey, Permission, Role } from '@ringside/protocol';
import { readInstant } from '../../readers.ts';

/** What each role may do; the server grants it, and these are the words for it. */
export const roleWords: Readonly<Record<Role, { readonly meaning: string; readonly may: readonly Permission[] }>> = {
  viewer: { meaning: 'sees campaigns, with masked numbers', may: ['read'] },
  operator: {
    meaning: 'also delivers events, looks after campaigns, sees whole numbers',
    may: ['read', 'ingest', 'operate', 'unmask'],
  },
  admin: {
    meaning: 'also keys, accounts, settings and the audit log',
    may: ['read', 'ingest', 'operate', 'unmask', 'administer'],
  },
};

export const permissionWords: Readonly<Record<Permission, string>> = {
  read: 'see campaigns and reports',
  ingest: 'deliver events',
  operate: 'register, change and share campaigns',
  unmask: 'see phone numbers whole',
  administer: 'keys, accounts, settings, audit log',
  host: 'make and close workspaces',
  metrics: 'read counts of the whole server, for monitoring',
};

/** What a role may do in a workspace: only admins of the default one look after the others. */
export function permissionsOf(role: Role, workspace: string): readonly Permission[] {
  const { may } = roleWords[role];
  return role === 'admin' && workspace === 'default' ? [...may, 'host', 'metrics'] : may;
}

/** Why a key lets nobody in any more, or `null` while it does. */
export function endOf({ revokedAt, expiresAt }: ApiKey, now: number): 'revoked' | 'expired' | null {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && readInstant(expiresAt) <= now ? 'expired' : null;
}
