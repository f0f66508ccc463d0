import type { SpoolEntry } from './entry.ts';

/** How many entries of each workspace there are. */
export type Lanes = Map<string | null, number>;

/** Adds entries to the count, or takes them away. */
export function countIn(lanes: Lanes, entries: readonly SpoolEntry[], by: 1 | -1): void {
  for (const { workspace } of entries) lanes.set(workspace, (lanes.get(workspace) ?? 0) + by);
}

/** An entry of each workspace in turn, so that few of one do not wait behind many of another. */
export function inTurns(entries: readonly SpoolEntry[]): SpoolEntry[] {
  const lanes = new Map<string | null, SpoolEntry[]>();
  for (const entry of entries) {
    const lane = lanes.get(entry.workspace);
    if (lane) lane.push(entry);
    else lanes.set(entry.workspace, [entry]);
  }
  if (lanes.size < 2) return [...entries];
  const turns: SpoolEntry[] = [];
  for (let turn = 0; turns.length < entries.length; turn += 1) {
    for (const lane of lanes.values()) {
      const entry = lane[turn];
      if (entry) turns.push(entry);
    }
  }
  return turns;
}
