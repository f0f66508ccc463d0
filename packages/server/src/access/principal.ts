import type { Role } from '../store/store.ts';

/** Who asks, after authentication. */
export interface Principal {
  readonly workspace: string;
  readonly keyId: string;
  readonly role: Role;
  /** The key may only deliver events. */
  readonly ingestOnly: boolean;
  /** How the caller proved it; a cookie needs an Origin check where something changes. */
  readonly via: 'key' | 'session';
}

/** What a route needs. `public` routes need nothing, `signed` ones check the provider's signature themselves. */
export type Access = 'public' | 'signed' | Permission;

/** What a principal may be allowed to do. */
export type Permission = 'read' | 'ingest' | 'operate' | 'administer';

const granted: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['read'],
  operator: ['read', 'ingest', 'operate'],
  admin: ['read', 'ingest', 'operate', 'administer'],
};

/** The one place that decides: every route and every live topic asks here. */
export function authorize(principal: Principal, needed: Permission): boolean {
  if (principal.ingestOnly) return needed === 'ingest';
  return granted[principal.role].includes(needed);
}

/** Who may see phone numbers whole. */
export function maskOf(principal: Principal): MaskClass {
  return authorize(principal, 'operate') ? 'full' : 'masked';
}

/** Reports are cached and pushed once per class, not once per reader. */
export type MaskClass = 'full' | 'masked';
