import { expect, it } from 'vitest';
import { loadConfig } from '../config/options.ts';
import type { StoredGrant } from '../store/access/records.ts';
import type { AccessStore } from '../store/access/work.ts';
import { Authenticator } from './authenticator.ts';
import { HostLogins } from './host-login.ts';

const grant = {
  workspace: { id: 'w', limits: {} },
  key: { id: 'k', name: 'One', role: 'operator', scopes: null, expiresAt: null },
  ...{ link: null, login: null, session: null },
} as unknown as StoredGrant;

/** A store whose reads end when the test says so, each with what was stored when it began. */
function stage() {
  const reads: (() => void)[] = [];
  const stored = { grant: grant as StoredGrant | null };
  const read = () => {
    const found = stored.grant;
    return new Promise<StoredGrant | null>((resolve) => reads.push(() => resolve(found)));
  };
  const store = { grantOfKey: read, grantOf: read, takeTicket: read } as unknown as AccessStore;
  const authenticator = new Authenticator(store, new HostLogins(loadConfig({})), { now: () => 0, monotonic: () => 0 });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { authenticator, stored, reads, settle };
}

it.each([
  ['a key', (authenticator: Authenticator) => authenticator.byBearer('a-key')],
  ['a ticket', (authenticator: Authenticator) => authenticator.byTicket('a-ticket', null)],
])('%s that was read before it was revoked is read again: nobody would look at it later', async (_what, ask) => {
  const { authenticator, stored, reads, settle } = stage();
  const found = ask(authenticator);
  stored.grant = null;
  authenticator.forget();
  reads.shift()?.();
  await settle();
  expect(reads).toHaveLength(1);
  reads.shift()?.();
  expect(await found).toHaveProperty('denied');
  expect(authenticator.remembered('a-key')).toBeNull();
});
