import type { Bearer } from '../store/access/grants.ts';
import type { StoredKey } from '../store/access/records.ts';
import type { AccessStore } from '../store/access/work.ts';
import { DEFAULT_WORKSPACE } from '../store/limits.ts';
import { hashOf, newKey, prefixOf } from './secrets.ts';

const ENV_PREFIX = 'env-';

/**
 * The configured admin key, or at the first start a new one, which is shown once. A key that was configured before and
 * that another now replaces loses its rights. One that was revoked stays so.
 */
export async function adminKey(
  access: AccessStore,
  configured: string,
  now: number,
): Promise<{ bearer: Bearer; madeKey: string | null; isRevoked: boolean }> {
  const isFirst = configured === '' && !(await access.hasKeys());
  const secret = configured === '' ? newKey() : configured;
  const id = configured === '' ? 'bootstrap' : `${ENV_PREFIX}${hashOf(configured).slice(0, 8)}`;
  const by = { at: now, workspace: DEFAULT_WORKSPACE, actor: 'ringside', address: null };
  if (configured !== '' || isFirst) {
    const name = configured === '' ? 'First key' : 'RINGSIDE_ADMIN_KEY';
    const key: StoredKey = {
      ...{ id, hash: hashOf(secret), workspace: DEFAULT_WORKSPACE, name, prefix: prefixOf(secret) },
      ...{ role: 'admin', scopes: null, createdAt: now, createdBy: 'ringside' },
      ...{ expiresAt: null, lastUsedAt: null, revokedAt: null },
    };
    await access.addKey(key, { ...by, action: 'key.created', target: id });
  }
  const all = await access.keys(DEFAULT_WORKSPACE);
  const replaced = all.filter(
    (key) => configured !== '' && key.id.startsWith(ENV_PREFIX) && key.id !== id && key.revokedAt === null,
  );
  for (const { id: old } of replaced) {
    const audit = { ...by, action: 'key.revoked', target: old };
    await access.changeKey(DEFAULT_WORKSPACE, old, { revokedAt: now }, audit);
  }
  const bearer = { workspace: DEFAULT_WORKSPACE, keyId: id, shareId: null, login: null, sessionHash: null };
  const isRevoked = all.some((key) => key.id === id && key.revokedAt !== null);
  return { bearer, madeKey: isFirst ? secret : null, isRevoked };
}
