import type { FastifyBaseLogger } from 'fastify';
import { adminKey } from './access/admin-key.ts';
import type { Config } from './config/options.ts';
import { realEffects } from './effects.ts';
import { type Store, StoreFault } from './store/store.ts';
import type { Wired } from './wiring.ts';

const PREPARE_EVERY_MS = 500;

/** What must be known before anybody can be let in and any signature be checked. */
export async function prepare({ services, load }: Wired, config: Config, log: FastifyBaseLogger) {
  const { store, now } = services;
  const admin = await adminKey(store.access, config.adminKey, now());
  if (admin.isRevoked)
    log.warn('the first admin key, or the one in RINGSIDE_ADMIN_KEY, was revoked: set another to get in');
  await warnOfForeignErasures(store, log);
  await load();
  return admin;
}

/** To be caught with: a store that may be away is prepared later, when it breaks in the middle. */
export function unlessAway(error: unknown, mayBeAway: boolean): null {
  if (mayBeAway && error instanceof StoreFault) return null;
  throw error;
}

/** The same when the store comes late, as often as it goes away again in the middle. */
export async function prepareLate(
  wired: Wired,
  config: Config,
  log: FastifyBaseLogger,
  opened: Promise<void>,
  signal: AbortSignal,
): ReturnType<typeof prepare> {
  await opened;
  for (let isSaid = false; ; ) {
    try {
      return await prepare(wired, config, log);
    } catch (error) {
      if (!(error instanceof StoreFault) || signal.aborted) throw error;
      if (!isSaid) log.warn({ err: error }, 'keys and accounts cannot be read yet: it is tried again until they can');
      isSaid = true;
      await realEffects.sleep(PREPARE_EVERY_MS, signal);
    }
  }
}

async function warnOfForeignErasures(store: Store, log: FastifyBaseLogger): Promise<void> {
  const foreign = await store.foreignErasures();
  if (foreign === 0) return;
  log.warn(`${foreign} numbers were erased under another RINGSIDE_SECRET_KEY and are not recognised: erase them again`);
}
