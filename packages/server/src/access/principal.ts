import { Permission, type Role } from '@ringside/protocol';
import type { Bearer } from '../store/access/grants.ts';
import type { StoredGrant, StoredWorkspace } from '../store/access/records.ts';
import { DEFAULT_WORKSPACE } from '../store/limits.ts';

/** Who asks, after authentication. */
export interface Principal {
  readonly workspace: string;
  /** The workspace's name, time zone and limits. */
  readonly home: StoredWorkspace;
  /** As the audit log names them: `key:<id>`, `user:<subject>` or `share:<id>`. */
  readonly actor: string;
  /** As people name them, for a campaign's timeline. */
  readonly name: string;
  /** `null` for a share link. */
  readonly role: Role | null;
  readonly permissions: ReadonlySet<Permission>;
  readonly share: ShareScope | null;
  /** Proved by a cookie, which travels by itself: where something changes, the Origin is checked too. */
  readonly byCookie: boolean;
  /** Enough to see later whether all this still holds. */
  readonly bearer: Bearer;
  /** Epoch milliseconds; `null` while nothing ends it by itself. */
  readonly expiresAt: number | null;
}

/** What a share link shows: one campaign, or the overview. */
export interface ShareScope {
  readonly id: string;
  readonly campaignId: string | null;
}

/** What a route needs. `public` routes need nothing, `signed` ones check the provider's signature themselves. */
export type Access = 'public' | 'signed' | Permission;

/** What of a route a share link may open; nothing unless the route says so. */
export type Shared = 'campaign' | 'overview' | 'any';

const granted: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['read'],
  operator: ['read', 'ingest', 'operate', 'unmask'],
  admin: ['read', 'ingest', 'operate', 'unmask', 'administer'],
};

/** What is asked for: the route's or topic's own declaration, and the campaign that is named. */
export interface Wanted {
  readonly needed: Permission;
  readonly shared?: Shared | undefined;
  readonly campaignId?: string | undefined;
}

export type Decision = 'allowed' | 'forbidden' | 'no-such-campaign';

/**
 * The one place that decides: every route and every live topic asks here. That a campaign is another workspace's never
 * comes up: it is looked for inside the principal's workspace only, and is not there.
 */
export function authorize(principal: Principal, { needed, shared, campaignId }: Wanted): Decision {
  if (!principal.permissions.has(needed)) return 'forbidden';
  const { share } = principal;
  if (!share || shared === 'any') return 'allowed';
  if (shared === undefined) return 'forbidden';
  if (share.campaignId === null) return shared === 'overview' ? 'allowed' : 'forbidden';
  if (shared !== 'campaign') return 'forbidden';
  return campaignId === share.campaignId ? 'allowed' : 'no-such-campaign';
}

/** What concerns all workspaces together. */
const ofTheWhole: readonly Permission[] = ['host', 'metrics'];

/** Rights of a role, narrowed by scopes. Only admins of the default workspace look after the others. */
export function permissionsOf(
  role: Role,
  scopes: readonly Permission[] | null,
  workspace: string,
): ReadonlySet<Permission> {
  const all = [...granted[role], ...(role === 'admin' && workspace === DEFAULT_WORKSPACE ? ofTheWhole : [])];
  return new Set(scopes === null ? all : all.filter((permission) => scopes.includes(permission)));
}

/** The principal of what the store granted. */
export function principalOf(grant: StoredGrant, byCookie: boolean): Principal {
  const { workspace: home, key, link, login, session } = grant;
  const bearer: Bearer = {
    workspace: home.id,
    keyId: key?.id ?? null,
    shareId: link?.id ?? null,
    login,
    sessionHash: session?.hash ?? null,
  };
  const ends = [key?.expiresAt, link?.expiresAt, session?.expiresAt, login?.expiresAt].filter((end) => end != null);
  const common = { workspace: home.id, home, byCookie, bearer, expiresAt: ends.length > 0 ? Math.min(...ends) : null };
  if (link) {
    const share = { id: link.id, campaignId: link.campaignId };
    return { ...common, ...{ actor: `share:${link.id}`, name: link.name, role: null, share }, permissions: readOnly };
  }
  const role = key?.role ?? login?.role ?? 'viewer';
  // What concerns them all is looked after with keys of this server, never by the word of another application.
  const scopes = key ? key.scopes : ofOneWorkspace;
  const permissions = permissionsOf(role, scopes, home.id);
  const who = key
    ? { actor: `key:${key.id}`, name: key.name }
    : { actor: `user:${login?.subject ?? ''}`, name: login?.subject ?? '' };
  return { ...common, ...who, role, permissions, share: null };
}

const ofOneWorkspace: readonly Permission[] = Permission.options.filter((one) => !ofTheWhole.includes(one));
const readOnly: ReadonlySet<Permission> = new Set(['read']);

/** Who may see phone numbers whole. */
export function maskOf(principal: Principal): MaskClass {
  return principal.permissions.has('unmask') ? 'full' : 'masked';
}

/** Reports are cached and pushed once per class, not once per reader. */
export type MaskClass = 'full' | 'masked';
