import { expect, it } from 'vitest';
import { LiveGuards } from './live-guards.ts';
import type { Principal } from './principal.ts';

const principal = { bearer: {}, permissions: new Set(['read', 'unmask']), expiresAt: null } as unknown as Principal;

/** What a connection is told whose owner is somebody else now. */
async function told(still: Principal | null): Promise<string[]> {
  const ends: string[] = [];
  const guards = new LiveGuards({ again: async () => still }, Date.now);
  const remove = guards.add(principal, (why) => ends.push(why));
  await guards.checkAll();
  remove();
  await guards.checkAll();
  return ends;
}

it('ends a connection whose owner may not look any more, or as somebody else, until it is closed', async () => {
  expect(await told(principal)).toEqual([]);
  expect(await told(null)).toEqual(['revoked']);
  expect(await told({ ...principal, permissions: new Set(['read']) })).toEqual(['changed']);
});

it('ends what time has ended', () => {
  const ends: string[] = [];
  let now = 1_000;
  const guards = new LiveGuards({ again: async () => principal }, () => now);
  guards.add({ ...principal, expiresAt: 2_000 }, (why) => ends.push(why));
  guards.endExpired();
  now = 2_000;
  expect(ends).toEqual([]);
  guards.endExpired();
  expect(ends).toEqual(['revoked']);
});
