import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { AccessWatch } from './access/access-watch.ts';
import { adminKey } from './access/admin-key.ts';
import { Authenticator } from './access/authenticator.ts';
import { HostLogins } from './access/host-login.ts';
import { LiveGuards } from './access/live-guards.ts';
import { NumbersSeen } from './access/numbers-seen.ts';
import { RateLimits } from './access/rate-limits.ts';
import { SecretBox, secretKeyOf } from './access/secret-box.ts';
import { WorkspaceDirectory } from './access/workspace-directory.ts';
import type { Config } from './config/options.ts';
import { realEffects } from './effects.ts';
import { buildApp, type RouteRow } from './http/app.ts';
import { Intake } from './ingest/intake.ts';
import { IntakeStatus } from './ingest/intake-status.ts';
import type { Applied } from './ingest/receipt.ts';
import { type OwnSpool, openSpool } from './ingest/spool/open-spool.ts';
import type { SpoolSettings } from './ingest/spool/spool.ts';
import { SpooledStore } from './ingest/spool/spooled-store.ts';
import { LiveHub } from './live/hub.ts';
import { serveWebSocket } from './live/websocket.ts';
import { ChunkRunner } from './privacy/chunk-runner.ts';
import { type Account, Accounts } from './providers/accounts.ts';
import { AccountDetails } from './providers/plivo/account-details.ts';
import { verifyCallback } from './providers/plivo/verify-callback.ts';
import { OverviewService } from './reports/overview.ts';
import { ReportCache } from './reports/report-cache.ts';
import { Rescorer } from './reports/rescorer.ts';
import type { Services } from './services.ts';
import { DEFAULT_WORKSPACE } from './store/limits.ts';
import { openServerStore, type ServerStore } from './store/open-server-store.ts';
import { StoreFault, StoreIsAway } from './store/store.ts';
import { SweepStatus } from './sweeper/sweep-status.ts';
import { Sweeper, type SweepSettings } from './sweeper/sweeper.ts';

const CLOSE_IDLE_EVERY_MS = 50;
const RETAIN_EVERY_MS = 3_600_000;
const ERASE_EVERY_MS = 10_000;
const INTAKE_LIMITS = { waiting: 20_000, bytes: 64 * 1024 * 1024, batch: 1_000, inFlight: 1 };
/** PostgreSQL writes several campaigns at once, and one that waits for another node must not hold up the others. */
const BATCHES_IN_FLIGHT = 4;
const PREPARE_EVERY_MS = 500;

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Every route and what it needs. */
  readonly routes: readonly RouteRow[];
  /** Known once the store is open: at once, unless it was away. Rejects when it can never be opened. */
  readonly welcome: Promise<Welcome>;
  /** Stops intake, answers what is in flight, closes streams and the store. */
  stop(): Promise<void>;
}

/** How to get in. */
export interface Welcome {
  /** The admin key, when it was made at this start. */
  readonly madeKey: string | null;
  /** One-time sign-in link of the dashboard. */
  readonly signInUrl: string;
}

/** What operators do not set: tests shorten it. */
export interface Internals {
  readonly spool?: Partial<SpoolSettings>;
  readonly sweep?: Partial<SweepSettings>;
  /** How often records are looked through that are kept no longer, milliseconds. */
  readonly retainEveryMs?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Wires the parts and listens. */
export async function startServer(
  config: Config,
  log: FastifyBaseLogger,
  internals: Internals = {},
): Promise<RunningServer> {
  const own = await openSpool(config, internals.spool);
  try {
    const storage = await openServerStore(config, log);
    try {
      return await serve(config, log, { storage, own }, internals);
    } catch (error) {
      await storage.store.close();
      throw error;
    }
  } catch (error) {
    own?.unlock();
    throw error;
  }
}

async function serve(
  config: Config,
  log: FastifyBaseLogger,
  places: Places,
  internals: Internals,
): Promise<RunningServer> {
  const { storage, own } = places;
  const parts = wire(config, log, places, { now: Date.now, ...internals });
  const { services, spooled, watch, halt } = parts;
  const stopping = new AbortController();
  // Where the store is there, nothing is served before all is known; where it is away, callbacks must be taken.
  const early = storage.isThere ? await prepare(parts, config, log).catch(unlessAway) : null;
  const { app, routes, endStreams } = await buildApp(services, log);
  await app.listen({ port: config.port, host: config.host });
  const url = urlOf(app.server.address() as AddressInfo, config.host);
  if (services.publicUrls.length === 0) (services.publicUrls as string[]).push(url);
  const endSockets = serveWebSocket(app.server, services);
  const sweeper = makeSweeper(services, internals);
  spooled?.run();

  const work = (): void => {
    services.hub.start();
    sweeper.run();
    services.rescorer.run();
    services.retainer.start();
    services.eraser.start();
    watch.run();
  };
  const begin = async (): Promise<Welcome> => {
    const { bearer, madeKey } = early ?? (await prepareLate(parts, config, log, storage, stopping.signal));
    if (!stopping.signal.aborted) work();
    return { madeKey, signInUrl: `${url}/sign-in#token=${services.authenticator.signInToken(bearer)}` };
  };
  const welcome = begin();
  // Whoever started this server minds; nobody else has to.
  welcome.catch(() => {});

  return {
    url,
    routes,
    welcome,
    async stop() {
      stopping.abort();
      halt();
      endSockets();
      endStreams();
      await sweeper.stop();
      await services.rescorer.stop();
      await services.retainer.stop();
      await services.eraser.stop();
      await watch.stop();
      await closeApp(app);
      await services.intake.finish();
      await spooled?.stop();
      await services.numbersSeen.idle();
      services.hub.stop();
      await services.store.close();
      own?.unlock();
    },
  };
}

/** What must be known before anybody can be let in and any signature be checked. */
async function prepare({ services, load }: Wired, config: Config, log: FastifyBaseLogger) {
  const { store, now } = services;
  const admin = await adminKey(store.access, config.adminKey, now());
  if (admin.isRevoked)
    log.warn('the first admin key, or the one in RINGSIDE_ADMIN_KEY, was revoked: set another to get in');
  const foreign = await store.foreignErasures();
  if (foreign > 0)
    log.warn(
      `${foreign} numbers were erased under another RINGSIDE_SECRET_KEY and are not recognised: erase them again`,
    );
  await load();
  return admin;
}

function unlessAway(error: unknown): null {
  if (error instanceof StoreIsAway) return null;
  throw error;
}

/** The same when the store comes late, as often as it goes away again in the middle. */
async function prepareLate(
  parts: Wired,
  config: Config,
  log: FastifyBaseLogger,
  storage: ServerStore,
  signal: AbortSignal,
): ReturnType<typeof prepare> {
  await storage.opened;
  for (;;) {
    try {
      return await prepare(parts, config, log);
    } catch (error) {
      if (!(error instanceof StoreFault) || signal.aborted) throw error;
      await realEffects.sleep(PREPARE_EVERY_MS, signal);
    }
  }
}

/** A connection that was busy when the closing began may idle on afterwards, and would hold it up. */
async function closeApp(app: FastifyInstance): Promise<void> {
  const sweeping = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  await app.close().finally(() => clearInterval(sweeping));
}

function wire(
  config: Config,
  log: FastifyBaseLogger,
  { storage, own }: Places,
  internals: Internals & { now: () => number },
) {
  const { store } = storage;
  const { now, retainEveryMs = RETAIN_EVERY_MS } = internals;
  let ready = true;
  let epoch = '';
  const reports = new ReportCache(store, now);
  const overviews = new OverviewService(store, now);
  const hub = new LiveHub(reports, overviews, (error) => {
    if (!(error instanceof StoreIsAway)) log.error({ err: error }, 'a live update failed');
  });
  const authenticator = new Authenticator(store.access, new HostLogins(config), now);
  const guards = new LiveGuards(authenticator, now);
  const box = new SecretBox(secretKeyOf(config.secretKey, config.dataDir));
  const accounts = new Accounts(store.access, box, configuredAccount(config), log);
  const directory = new WorkspaceDirectory(store.access);
  const reload = async (): Promise<void> => {
    await Promise.all([accounts.load(), directory.load()]);
  };
  const watch = new AccessWatch({ store: store.access, authenticator, guards, reload, log });
  const publish = ({ touched }: Applied): void => {
    reports.touch(touched);
    overviews.touch(touched);
    hub.touch(touched);
  };
  const spooled =
    own &&
    new SpooledStore({
      ...{ store, spool: own.spool, effects: { ...realEffects, now }, log, onApplied: publish },
      isStoreThere: () => storage.isThere && epoch !== '',
      verify: (entry) => {
        const receipt = verifyCallback(services, entry);
        if (!('refused' in receipt)) services.status.verified('aside', entry.receivedAt);
        return receipt;
      },
    });
  const services: Services = {
    config,
    store,
    spool: spooled,
    intake: new Intake(spooled ?? store, intakeLimits(config), publish, {
      perSecond: (id) => directory.eventsPerSecond(id),
      now,
    }),
    status: new IntakeStatus(),
    sweep: new SweepStatus(),
    reports,
    overviews,
    hub,
    rescorer: new Rescorer(store, publish, log),
    retainer: new ChunkRunner(
      { what: 'deleting old records', step: (at) => store.retainStep(at), everyMs: retainEveryMs },
      { now, publish, log },
    ),
    eraser: new ChunkRunner(
      { what: 'erasing a number', step: (at) => store.eraseStep(at), everyMs: ERASE_EVERY_MS },
      { now, publish, log },
    ),
    authenticator,
    guards,
    limits: new RateLimits(now),
    accounts,
    box,
    numbersSeen: new NumbersSeen({ store: store.access, now, log }),
    accessChanged: () => watch.look(),
    log,
    publish,
    startedAt: now(),
    now,
    workspace: DEFAULT_WORKSPACE,
    publicUrls: [...config.publicUrls],
    epoch: () => epoch,
    isLoaded: () => epoch !== '',
    isReady: () => ready,
  };
  return {
    services,
    spooled,
    watch,
    async load() {
      await reload();
      epoch = (await store.ping()).epoch;
    },
    halt: () => {
      ready = false;
    },
  };
}

type Wired = ReturnType<typeof wire>;

/** Where receipts end up. */
interface Places {
  readonly storage: ServerStore;
  /** `null` for the embedded store. */
  readonly own: OwnSpool | null;
}

function intakeLimits({ databaseUrl }: Config): typeof INTAKE_LIMITS {
  return databaseUrl === '' ? INTAKE_LIMITS : { ...INTAKE_LIMITS, inFlight: BATCHES_IN_FLIGHT };
}

/** The account that the settings name. */
function configuredAccount({ plivoAuthId: authId, plivoAuthTokens: tokens }: Config): Account | null {
  return tokens.length === 0 ? null : { id: 'configured', workspace: DEFAULT_WORKSPACE, authId, tokens };
}

/** Looks after calls whose end never came. */
function makeSweeper(services: Services, { sweep }: Internals): Sweeper {
  const { config, store, intake, log, now, accounts } = services;
  const effects = { ...realEffects, now };
  const details = new AccountDetails(accounts, config.plivoApiUrl, effects);
  const detailsOf = (workspace: string) => details.of(workspace);
  return new Sweeper({ store, intake, detailsOf, status: services.sweep, log, effects }, sweep);
}

function urlOf({ port }: AddressInfo, host: string): string {
  const shown = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  return `http://${shown}:${port}`;
}
