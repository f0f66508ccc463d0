import { expect, it } from 'vitest';
import { LiveGuards } from './live-guards.ts';
import type { Principal } from './principal.ts';

const principal = { bearer: {}, permissions: new Set(['read', 'unmask']), expiresAt: null } as unknown as Principal;

/** What a connection is told whose owner is somebody else now. */
async function told(still: Principal | null): Promise<string[]> {
  const ends: string[] = [];
  const guards = new LiveGuards({ again: async () => still }, Date.now);
  const remove = guards.addLate(principal, (why) => ends.push(why));
  await new Promise((resolve) => setImmediate(resolve));
  remove();
  return ends;
}

it('asks at once about who was let in some while ago, for nobody else would before the next change', async () => {
  expect(await told(principal)).toEqual([]);
  expect(await told(null)).toEqual(['revoked']);
  expect(await told({ ...principal, permissions: new Set(['read']) })).toEqual(['changed']);
});
