import { hashOf, newId, newKey, prefixOf } from '../access/secrets.ts';
import { isAlive } from '../store/access/keys.ts';
import type { StoredKey } from '../store/access/records.ts';
import { SIMULATION_WORKSPACE } from '../store/limits.ts';

/** A running simulation. Times are epoch milliseconds. */
export interface RunningSimulation {
  readonly campaignId: string;
  readonly startedAt: number;
  /** Moment at which it is stopped if it has not completed. */
  readonly endsAt: number;
}

/** Campaign ids, and names of the keys that runs use, begin with it. */
export const ID_PREFIX = 'simulated-';
export const LASTS_MS = 8 * 60_000;
/** How much longer than its run a key lives, so that the run can still close its campaign. */
const SPARE_MS = 60_000;

/** The key of a new run: it may register a campaign and send events, and is named like the campaign. */
export function newRunKey(at: number, createdBy: string): { readonly key: StoredKey; readonly secret: string } {
  const secret = newKey();
  const key: StoredKey = {
    ...{ id: newId('key'), hash: hashOf(secret), prefix: prefixOf(secret), workspace: SIMULATION_WORKSPACE },
    ...{ name: ID_PREFIX + at.toString(36), role: 'operator', scopes: ['ingest', 'operate'] },
    ...{ createdAt: at, createdBy, expiresAt: at + LASTS_MS + SPARE_MS, lastUsedAt: null, revokedAt: null },
  };
  return { key, secret };
}

/** True for the key of a run that has not ended. */
export function isRunKey(key: StoredKey, now: number): boolean {
  return key.name.startsWith(ID_PREFIX) && isAlive(key, now);
}

/** The run of a key. */
export function runOf({ name, createdAt }: StoredKey): RunningSimulation {
  return { campaignId: name, startedAt: createdAt, endsAt: createdAt + LASTS_MS };
}
