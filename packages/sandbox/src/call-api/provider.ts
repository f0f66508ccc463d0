import { setMaxListeners } from 'node:events';
import { type Courier, createCourier } from '../courier.ts';
import { realEffects } from '../effects.ts';
import { createHttpClient } from '../http.ts';
import type { RunRecord } from '../record.ts';
import { createApi } from '../ringside-api.ts';
import { defaultZone } from '../run-campaign.ts';
import { createAgenda } from './agenda.ts';
import { type CallBook, createBook } from './call-book.ts';
import { type ApiAccount, createLine } from './line.ts';
import type { CallApiOptions } from './options.ts';
import { createPlayer } from './player.ts';
import { createFaults, type FaultControl } from './post-faults.ts';
import { createRateWindow } from './rate-window.ts';
import type { ApiLine } from './route-parts.ts';
import { createRoutes } from './routes.ts';

/** Everything behind the API but its socket. */
export interface Provider {
  readonly route: ReturnType<typeof createRoutes>;
  readonly book: CallBook;
  readonly faults: FaultControl;
  readonly lines: ReadonlyMap<string, ApiLine>;
  readonly couriers: readonly Courier[];
  readonly record: Traffic;
  /** Ends all that is under way. */
  readonly stop: () => void;
}

type Traffic = Pick<RunRecord, 'seed' | 'traffic' | 'undelivered'>;

/** Above this many callbacks waiting for a connection no call is placed. */
const maxWaiting = 500;
const rateWindowMs = 5_000;

export function createProvider(options: CallApiOptions): Provider {
  const { zone = defaultZone, lateSeconds = 0, seed = '1' } = options;
  const world = createWorld(options, seed);
  const { agenda, book, client, faults, record, now, sleep, abort } = world;
  const staffed = options.accounts.map((account) => staffedLine(options, account, world));
  const lines = new Map(staffed.map(({ line }) => [line.account.authId, line]));
  return {
    route: createRoutes({ lines, book, faults, zone, lateSeconds, now, sleep }),
    ...{ book, faults, lines, record },
    couriers: staffed.map(({ courier }) => courier),
    stop: () => {
      abort();
      agenda.close();
      client.close();
    },
  };
}

type World = ReturnType<typeof createWorld>;

/** What all accounts share. */
function createWorld(options: CallApiOptions, seed: string) {
  const stop = new AbortController();
  // Each callback that comes late or again waits on this one signal, and Node suspects a leak from the eleventh on.
  setMaxListeners(0, stop.signal);
  const { now, nonce, sleep: sleepUntil } = { ...realEffects, ...options.effects };
  const sleep = (ms: number) => sleepUntil(ms, stop.signal);
  const client = createHttpClient(options.connections ?? 256);
  const effects = { send: client.send, sleep, now, stopped: () => stop.signal.aborted, nonce };
  const { leads } = options;
  const record: Traffic = {
    seed,
    traffic: { delivered: 0, duplicates: 0, retries: 0, dropped: 0, forgeries: 0, forgeriesAccepted: 0 },
    undelivered: [],
  };
  return {
    ...{ seed, now, nonce, sleep, client, effects, record },
    abort: () => stop.abort(),
    agenda: createAgenda(now),
    api: leads ? createApi(leads.url.replace(/\/+$/, ''), leads.key, effects) : null,
    book: createBook(options.remember ?? 1_000_000),
    faults: createFaults(seed, options.faults ?? {}),
  };
}

/** An account's line, and who plays its calls and carries its callbacks. */
function staffedLine(options: CallApiOptions, account: ApiAccount, world: World): { line: ApiLine; courier: Courier } {
  const { scenario, speed = 1, zone = defaultZone, separateUuids = false, requestsPer5Seconds = 300 } = options;
  const { agenda, api, book, client, effects, faults, nonce, now, record, seed } = world;
  const courier = createCourier({
    ...{ authTokens: account.authTokens, api, record, effects },
    faults: () => faults.settings.callbacks,
    onUndelivered: undefined,
  });
  const player = createPlayer({ courier, agenda, book, zone, speed, now });
  const line = createLine({
    ...{ account, agenda, book, player, speed, separateUuids, now, nonce },
    odds: { seed, scenario },
    hasBot: api !== null,
    room: () => client.room(maxWaiting),
  });
  return { courier, line: { ...line, player, mayAsk: createRateWindow(requestsPer5Seconds, rateWindowMs, now) } };
}
