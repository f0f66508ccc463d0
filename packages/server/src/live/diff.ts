import { isDeepStrictEqual } from 'node:util';
import type { Patch } from '@ringside/protocol';

/**
 * The patch that turns one value into the other when merged: objects member by member, arrays and scalars whole.
 * Both must have the same members; nothing is ever deleted.
 * @returns `null` when nothing differs
 */
export function diff(from: object, to: object): Patch | null {
  const before = from as Record<string, unknown>;
  const patch: Record<string, unknown> = {};
  let differs = false;
  for (const [name, value] of Object.entries(to)) {
    // A campaign may be called `constructor`.
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    const change = isPlain(value) && isPlain(old) ? diff(old, value) : isDeepStrictEqual(value, old) ? null : { value };
    if (change === null) continue;
    patch[name] = isPlain(value) && isPlain(old) ? change : value;
    differs = true;
  }
  return differs ? patch : null;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
