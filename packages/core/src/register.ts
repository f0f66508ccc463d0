/**
 * Registers: single values that many sources may state, in any order and any number of times.
 *
 * Of all statements the one with the highest stamp is kept. A stamp orders by source rank, then by the time the
 * statement is about, then by the hash of its content, so that every order of arrival gives the same winner.
 */

/** Where a statement came from, from the most to the least trusted. */
export type Source = 'cdr' | 'callback' | 'api' | 'import' | 'sweeper';

const sourceRank: Readonly<Record<Source, number>> = { cdr: 5, callback: 4, api: 3, import: 2, sweeper: 1 };

/** Sortable text: rank, time and hash. Greater text wins. */
export type Stamp = string;

/** @param at epoch milliseconds, not negative */
export function stampOf(source: Source, at: number, hash: string): Stamp {
  return `${sourceRank[source]}${at.toString(36).padStart(9, '0')}${hash}`;
}

/** True for what a provider itself stated. */
export function isOfProvider(stamp: Stamp): boolean {
  return stamp >= String(sourceRank.callback);
}

/** A value and the stamp of the statement that gave it. */
export interface Register<T> {
  readonly value: T;
  readonly stamp: Stamp;
}

/** The register with the higher stamp; either may be missing. */
export function higher<R extends { readonly stamp: Stamp }>(a: R | undefined, b: R | undefined): R | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return b.stamp > a.stamp ? b : a;
}

/** Registers that keep every value ever stated, highest stamp first; a value keeps its highest stamp. */
export type ValueSet = readonly Register<string>[];

/** Joins two value sets. Returns `a` itself when `b` adds nothing. */
export function joinValues(a: ValueSet, b: ValueSet): ValueSet {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  const merged = new Map(a.map((register) => [register.value, register]));
  let changed = false;
  for (const register of b) {
    const winner = higher(merged.get(register.value), register);
    if (winner !== merged.get(register.value)) changed = true;
    merged.set(register.value, winner ?? register);
  }
  if (!changed) return a;
  return [...merged.values()].sort((x, y) =>
    x.stamp === y.stamp ? compare(x.value, y.value) : compare(y.stamp, x.stamp),
  );
}

/** Joins two maps of registers key by key. */
export function joinMaps<T>(
  a: Readonly<Record<string, Register<T>>>,
  b: Readonly<Record<string, Register<T>>>,
): Readonly<Record<string, Register<T>>> {
  const keys = Object.keys(b);
  if (keys.length === 0) return a;
  const joined: Record<string, Register<T>> = { ...a };
  for (const key of keys) {
    const winner = higher(joined[key], b[key]);
    if (winner) joined[key] = winner;
  }
  return joined;
}

/** Code-unit order, the same on every machine and locale. */
export function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
