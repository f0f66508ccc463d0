import type { AccountLimits, Limits, Permission, Role } from '@ringside/protocol';

/** Times are epoch milliseconds. */
export interface StoredWorkspace {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly limits: Limits;
  readonly createdAt: number;
  readonly closedAt: number | null;
}

/** A key as the store knows it: never the key itself. */
export interface StoredKey {
  readonly id: string;
  readonly hash: string;
  readonly workspace: string;
  readonly name: string;
  readonly prefix: string;
  readonly role: Role;
  readonly scopes: readonly Permission[] | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

/** What a login of the host application said. */
export interface Login {
  readonly subject: string;
  readonly role: Role;
  /** When its token ends, epoch milliseconds: so ends whatever was begun with it. Sessions of before do not have it. */
  readonly expiresAt?: number | undefined;
}

export interface StoredShareLink {
  readonly id: string;
  readonly secretHash: string;
  readonly workspace: string;
  /** `null`: the overview. */
  readonly campaignId: string | null;
  readonly name: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

/** A cookie's session, or a ticket that opens one connection. */
export interface StoredSession {
  readonly hash: string;
  readonly kind: 'session' | 'ticket';
  readonly workspace: string;
  readonly keyId: string | null;
  readonly shareId: string | null;
  readonly login: Login | null;
  readonly origin: string | null;
  /** The session that a ticket was asked for with. */
  readonly parentHash: string | null;
  readonly expiresAt: number;
}

/** Everything that lets somebody in, as it stands now; nothing of it is revoked, expired or closed. */
export interface StoredGrant {
  readonly workspace: StoredWorkspace;
  readonly key: StoredKey | null;
  readonly link: StoredShareLink | null;
  readonly login: Login | null;
  readonly session: StoredSession | null;
}

/** An account at a voice provider. Its tokens are sealed: only who holds the secret key can read them. */
export interface StoredAccount {
  readonly id: string;
  readonly workspace: string;
  readonly provider: 'plivo';
  readonly authId: string;
  readonly name: string;
  /** Newest first. */
  readonly tokens: readonly SealedToken[];
  /** `null`: what the settings say. */
  readonly limits: AccountLimits | null;
  readonly createdAt: number;
}

export interface SealedToken {
  readonly sealed: string;
  /** Its last characters, to tell one from another. */
  readonly hint: string;
  readonly addedAt: number;
}

/** A change, for the audit log. */
export interface AuditNote {
  readonly at: number;
  readonly workspace: string;
  readonly actor: string;
  readonly address: string | null;
  /** Kind of thing and what was done to it, such as `key.created`. */
  readonly action: string;
  readonly target: string | null;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface StoredAudit extends AuditNote {
  readonly id: number;
  readonly before: unknown;
  readonly after: unknown;
}

/** How much an erasure rewrote. */
export interface ErasedFound {
  readonly campaigns: number;
  readonly calls: number;
  readonly events: number;
  readonly contacts: number;
  readonly unassigned: number;
  /** Entries of the list of numbers that nobody may call. */
  readonly doNotCall: number;
}

/** An erased number: never the number itself. */
export interface StoredErasure {
  readonly workspace: string;
  readonly token: string;
  /** Keyed hashes of the ways to write it inside an id. */
  readonly digits: readonly string[];
  /** Shows whether the key with which this was made is still the same. */
  readonly probe: string;
  readonly at: number;
  readonly actor: string;
  readonly reason: string | null;
  readonly found: ErasedFound;
  readonly doneAt: number | null;
}
