import type { FastifyBaseLogger } from 'fastify';
import { realEffects } from '../effects.ts';
import { LateStore } from './late-store.ts';
import { openStore, type StoreConfig } from './open-store.ts';
import type { Store } from './store.ts';

/** The store of a server, which comes up without it where it may be away. */
export interface ServerStore {
  readonly store: Store;
  /** Whether it answers now. */
  readonly isThere: boolean;
  /** Fulfils when it was opened. Rejects with a `StoreOpenError` that no waiting cures. */
  readonly opened: Promise<void>;
}

/**
 * Opens the store of a server.
 * @throws StoreOpenError with one line for the operator, for what no waiting cures
 */
export async function openServerStore(config: StoreConfig, log: FastifyBaseLogger): Promise<ServerStore> {
  // The embedded store lies on the disk that the server itself needs.
  if (config.databaseUrl === '') {
    return { store: await openStore(config), isThere: true, opened: Promise.resolve() };
  }
  const { openProbe } = await import('./postgres/probe.ts');
  const { ask, end } = openProbe(config.databaseUrl);
  try {
    return await LateStore.open({
      ...{ open: () => openStore(config), probe: ask, endProbe: end, effects: realEffects, log },
    });
  } catch (error) {
    await end();
    throw error;
  }
}
