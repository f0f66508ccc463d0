/** The value, which cannot be missing here; `why` says what would have to be broken for that. */
export function must<T>(value: T | null | undefined, why: string): T {
  if (value === null || value === undefined) throw new Error(`broken invariant: ${why}`);
  return value;
}

/** Ends a switch over a union: compiles only while every member is handled. */
export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
