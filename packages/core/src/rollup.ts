/**
 * A rollup: every count that a report is made of, as sparse sums. A rollup is a sum of contributions, and a
 * difference of two contributions is a rollup too, so one type serves for "all so far" and for "what this changes".
 */
export interface Rollup {
  /** Counts over the whole life of the campaign. */
  readonly totals: Map<string, number>;
  /** Counts per minute of event time, keyed by epoch minutes. */
  readonly minutes: Map<number, Map<string, number>>;
}

/** One term of a contribution: `minute` is epoch minutes, `null` for the totals. */
export interface Count {
  readonly minute: number | null;
  readonly key: string;
  readonly n: number;
}

export const MINUTE_MS = 60_000;
/** Width of the slots in which starts and ends are counted to find the peak of concurrency. */
export const SLOT_MS = 10_000;
export const SLOTS_PER_MINUTE = MINUTE_MS / SLOT_MS;

export function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS);
}

/** Slot of its minute, 0 to 5. */
export function slotOf(at: number): number {
  return Math.floor(at / SLOT_MS) % SLOTS_PER_MINUTE;
}

export function emptyRollup(): Rollup {
  return { totals: new Map(), minutes: new Map() };
}

/** Adds `sign` × each count, in place. A count that returns to 0 leaves no trace. */
export function addCounts(rollup: Rollup, counts: readonly Count[], sign: 1 | -1): void {
  for (const { minute, key, n } of counts) {
    if (minute === null) add(rollup.totals, key, sign * n);
    else addToMinute(rollup, minute, key, sign * n);
  }
}

/** Adds a whole rollup (usually a difference) to another, in place. */
export function addRollup(into: Rollup, delta: Rollup): void {
  for (const [key, n] of delta.totals) add(into.totals, key, n);
  for (const [minute, counts] of delta.minutes) {
    for (const [key, n] of counts) addToMinute(into, minute, key, n);
  }
}

/** A total, 0 when nothing was counted. */
export function total(rollup: Rollup, key: string): number {
  return rollup.totals.get(key) ?? 0;
}

/** Totals whose key starts with `prefix`, with the prefix cut off. */
export function totalsUnder(rollup: Rollup, prefix: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [key, n] of rollup.totals) {
    if (key.startsWith(prefix)) found.set(key.slice(prefix.length), n);
  }
  return found;
}

function addToMinute(rollup: Rollup, minute: number, key: string, n: number): void {
  let counts = rollup.minutes.get(minute);
  if (counts === undefined) {
    counts = new Map();
    rollup.minutes.set(minute, counts);
  }
  add(counts, key, n);
  if (counts.size === 0) rollup.minutes.delete(minute);
}

function add(counts: Map<string, number>, key: string, n: number): void {
  const sum = (counts.get(key) ?? 0) + n;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

/** Plain data for storage: arrays of pairs, smallest key first, so equal rollups give equal text. */
export interface RollupData {
  readonly totals: readonly (readonly [string, number])[];
  readonly minutes: readonly (readonly [number, readonly (readonly [string, number])[]])[];
}

export function rollupToData(rollup: Rollup): RollupData {
  return {
    totals: sorted(rollup.totals),
    minutes: sorted(rollup.minutes).map(([minute, counts]) => [minute, sorted(counts)] as const),
  };
}

export function rollupFromData(data: RollupData): Rollup {
  return {
    totals: new Map(data.totals),
    minutes: new Map(data.minutes.map(([minute, counts]) => [minute, new Map(counts)])),
  };
}

function sorted<K extends string | number, V>(map: ReadonlyMap<K, V>): [K, V][] {
  return [...map.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
