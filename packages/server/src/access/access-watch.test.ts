import { expect, it } from 'vitest';
import { AccessWatch, type WatchParts } from './access-watch.ts';

it('looks once for all who ask while it waits, and never with what it saw before they asked', async () => {
  let version = 0;
  const seen: number[] = [];
  const parts = {
    store: { accessVersion: async () => version, usedKeys: async () => {} },
    authenticator: { forget: () => {}, takeUses: () => [], askAgain: async () => {} },
    guards: { endExpired: () => {}, checkAll: async () => void seen.push(version) },
    reload: () => new Promise<void>((resolve) => setTimeout(resolve, 5)),
    log: { warn: () => {} },
  } as unknown as WatchParts;
  const watch = new AccessWatch(parts);
  const looks = Array.from({ length: 50 }, async () => {
    version += 1;
    await watch.look();
    return seen.at(-1) ?? 0;
  });
  expect(Math.min(...(await Promise.all(looks)))).toBe(50);
  version += 1;
  await watch.look();
  expect(seen).toEqual([50, 51]);
});
