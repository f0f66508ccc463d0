import { expect, it } from 'vitest';
import { loadConfig } from '../config/options.ts';
import type { StoredGrant } from '../store/access/records.ts';
import type { AccessStore } from '../store/access/work.ts';
import { Authenticator, REMEMBERED_MS } from './authenticator.ts';
import { HostLogins } from './host-login.ts';

const DAY_MS = 86_400_000;

function authenticatorAt(clock: { now: number }, key: object) {
  const grant = {
    workspace: { id: 'w', limits: {} },
    key: { id: 'k', name: 'Dialer', role: 'operator', scopes: null, expiresAt: null, ...key },
    ...{ link: null, login: null, session: null },
  } as unknown as StoredGrant;
  const state = { grant: grant as StoredGrant | null };
  const store = { grantOfKey: async () => state.grant, grantOf: async () => state.grant } as unknown as AccessStore;
  const effects = { now: () => clock.now, monotonic: () => clock.now };
  return { state, authenticator: new Authenticator(store, new HostLogins(loadConfig({})), effects) };
}

it('remembers a key for fifteen minutes after it was seen, for bringing events alone', async () => {
  const clock = { now: DAY_MS };
  const { authenticator } = authenticatorAt(clock, {});
  expect(authenticator.remembered('a-key')).toBeNull();
  await authenticator.byBearer('a-key');
  expect(authenticator.remembered('another')).toBeNull();
  clock.now += REMEMBERED_MS - 1;
  expect(authenticator.remembered('a-key')).toMatchObject({ workspace: 'w', isRemembered: true });
  expect([...(authenticator.remembered('a-key')?.permissions ?? [])]).toEqual(['ingest']);
  clock.now += 1;
  expect(authenticator.remembered('a-key')).toBeNull();
});

it('remembers no key beyond its end, none that may not bring events, and none that was revoked', async () => {
  const clock = { now: DAY_MS };
  const ending = authenticatorAt(clock, { expiresAt: DAY_MS + 1_000 });
  await ending.authenticator.byBearer('a-key');
  clock.now += 1_000;
  expect(ending.authenticator.remembered('a-key')).toBeNull();

  const viewer = authenticatorAt(clock, { role: 'viewer' });
  await viewer.authenticator.byBearer('a-key');
  expect(viewer.authenticator.remembered('a-key')).toBeNull();

  const revoked = authenticatorAt(clock, {});
  await revoked.authenticator.byBearer('a-key');
  revoked.state.grant = null;
  await revoked.authenticator.askAgain();
  expect(revoked.authenticator.remembered('a-key')).toBeNull();
});
