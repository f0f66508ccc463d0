/** A reader's half of the live protocol, written apart from the server's: objects merge, all else replaces. */
export function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isObject(value) || !isObject(patch)) return patch;
  const merged: Record<string, unknown> = { ...value };
  for (const [name, member] of Object.entries(patch)) merged[name] = mergePatch(merged[name], member);
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
