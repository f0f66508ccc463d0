/** NUL ends a text in SQLite and is refused by PostgreSQL; half a surrogate pair is no Unicode at all. */
const LOST = /[\0\p{Surrogate}]/u;
const DEEPEST = 32;
const EVERY_LOST = /[\0\p{Surrogate}]/gu;

/** What a store would not give back as it was told becomes U+FFFD. */
export function storable(text: string): string {
  return LOST.test(text) ? text.replace(EVERY_LOST, '\uFFFD') : text;
}

/** Where in a JSON value the first text or name stands that no store gives back as it is; `null` when there is none. */
export function unstorable(value: unknown, depth = 0): readonly string[] | null {
  if (typeof value === 'string') return LOST.test(value) ? [] : null;
  // No schema goes so deep: what lies there is refused for that.
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return null;
  for (const [name, member] of Object.entries(value)) {
    const within = LOST.test(name) ? [] : unstorable(member, depth + 1);
    if (within) return [storable(name), ...within];
  }
  return null;
}

/** What is told to whoever sent such a text. */
export const UNSTORABLE = 'must not hold NUL or half a surrogate pair';
