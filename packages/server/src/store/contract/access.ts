import { afterEach, describe, expect, it } from 'vitest';
import { auditBy, WORKSPACE } from '../../testing/engine.ts';
import type { StoredKey, StoredSession } from '../access/records.ts';
import type { Store } from '../store.ts';
import { Places, type StoreKind } from './place.ts';

const NOW = Date.UTC(2025, 7, 7, 14);

const key = (id: string, role: StoredKey['role'] = 'admin'): StoredKey => ({
  ...{ id, hash: `hash-${id}`, workspace: 'default', name: id, prefix: 'rs', role, scopes: null },
  ...{ createdAt: NOW, createdBy: 'test', expiresAt: null, lastUsedAt: null, revokedAt: null },
});
const log = (store: Store, action: string | null = null) =>
  store.access.auditEntries(WORKSPACE, { limit: 50, before: null, action, target: null });

/** What every store owes those who decide who gets in. */
export function accessContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('access', () => {
    it('knows keys by their hash, and tells every node of a change', async () => {
      const store = await places.store();
      const before = await store.access.accessVersion();
      await store.access.addKey(key('a'), auditBy('test', NOW));
      await store.access.addKey(key('a'), auditBy('test', NOW));
      expect((await store.access.keys('default')).map(({ id }) => id)).toEqual(['a']);
      expect(await store.access.grantOfKey('hash-a', NOW)).toMatchObject({
        key: key('a'),
        workspace: { id: 'default' },
      });
      expect(await store.access.accessVersion()).toBe(before + 1);
      expect(await log(store, 'test.changed')).toHaveLength(1);
      expect(await log(store, 'test')).toHaveLength(1);
      expect(await log(store, 'tes')).toHaveLength(0);
    });

    it('opens one connection with a ticket, whoever comes with it at once', async () => {
      const store = await places.store();
      await store.access.addKey(key('a'), auditBy('test', NOW));
      for (let round = 0; round < 8; round++) {
        const ticket: StoredSession = {
          ...{ hash: `t-${round}`, kind: 'ticket', workspace: 'default', keyId: 'a', shareId: null, login: null },
          ...{ origin: null, parentHash: null, expiresAt: NOW + 30_000 },
        };
        await store.access.addSession(ticket, NOW, null);
        const taking = Array.from({ length: 8 }, () => store.access.takeTicket(ticket.hash, null, NOW));
        expect((await Promise.all(taking)).filter((grant) => grant !== null)).toHaveLength(1);
      }
    });

    it('adds one key of a kind, whoever adds one at once, until it is revoked', async () => {
      const store = await places.store();
      const run = (id: string): StoredKey => ({ ...key(id, 'operator'), name: `run-${id}`, expiresAt: NOW + 1_000 });
      const add = (id: string, at = NOW) => store.access.addSoleKey(run(id), 'run-', auditBy('test', at));
      await store.access.addKey(key('other'), auditBy('test', NOW));
      const added = await Promise.all(Array.from({ length: 8 }, (_, n) => add(`a-${n}`)));
      expect(new Set(added.map(({ id }) => id)).size).toBe(1);
      const [first] = added;
      await store.access.changeKey('default', first?.id ?? '', { revokedAt: NOW }, auditBy('test', NOW));
      expect(await add('b')).toMatchObject({ id: 'b' });
      expect(await add('c', NOW + 1_000), 'the one before has expired').toMatchObject({ id: 'c' });
      expect((await store.access.keys('default')).map(({ id }) => id).sort()).toEqual(
        ['b', 'c', first?.id, 'other'].sort(),
      );
    });

    it('leaves a workspace its last administrator, whoever revokes at once', async () => {
      const store = await places.store();
      const revoke = (id: string) => store.access.changeKey('default', id, { revokedAt: NOW }, auditBy('test', NOW));
      for (let round = 0; round < 4; round++) {
        const ids = Array.from({ length: 6 }, (_, n) => `${round}-${n}`);
        await Promise.all(ids.map((id) => store.access.addKey(key(id), auditBy('test', NOW))));
        await Promise.all(ids.map(revoke));
        const alive = (await store.access.keys('default')).filter(({ revokedAt }) => revokedAt === null);
        expect(alive.length).toBeGreaterThan(0);
      }
    });
  });
}
