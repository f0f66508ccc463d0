import type { Patch } from '@ringside/protocol';

/**
 * Applies a patch of the live protocol: objects merge member by member, while arrays, scalars and `null` replace.
 * Nothing is ever deleted. Neither argument is changed, and members that the patch does not touch keep their identity.
 */
export function mergePatch<T extends object>(value: T, patch: Patch): T {
  // Through entries, because a campaign may be called `__proto__`, which an assignment would swallow.
  const merged = new Map<string, unknown>(Object.entries(value));
  for (const [name, change] of Object.entries(patch)) {
    const old = merged.get(name);
    merged.set(name, isPlain(change) && isPlain(old) ? mergePatch(old, change) : change);
  }
  return Object.fromEntries(merged) as T;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
