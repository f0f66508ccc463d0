import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { Authenticator, hashOf, newKey } from './access/authenticator.ts';
import type { Config } from './config/options.ts';
import { realEffects } from './effects.ts';
import { buildApp } from './http/app.ts';
import { Intake } from './ingest/intake.ts';
import { IntakeStatus } from './ingest/intake-status.ts';
import type { Applied } from './ingest/receipt.ts';
import { LiveHub } from './live/hub.ts';
import { serveWebSocket } from './live/websocket.ts';
import { CallDetails } from './providers/plivo/call-detail.ts';
import { OverviewService } from './reports/overview.ts';
import { ReportCache } from './reports/report-cache.ts';
import { Rescorer } from './reports/rescorer.ts';
import type { Services } from './services.ts';
import { DEFAULT_WORKSPACE, UNREGISTERED_LIMIT } from './store/limits.ts';
import { openSqliteStore } from './store/sqlite/client.ts';
import type { Store } from './store/store.ts';
import { SweepStatus } from './sweeper/sweep-status.ts';
import { Sweeper, type SweepSettings } from './sweeper/sweeper.ts';

const CLOSE_IDLE_EVERY_MS = 50;
const INTAKE_LIMITS = { waiting: 20_000, bytes: 64 * 1024 * 1024, batch: 1_000 };

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** The admin key, when it was made at this start. */
  readonly madeKey: string | null;
  /** One-time sign-in link of the dashboard. */
  readonly signInUrl: string;
  /** Stops intake, answers what is in flight, closes streams and the store. */
  stop(): Promise<void>;
}

/** What operators do not set: tests shorten it. */
export interface Internals {
  readonly sweep?: Partial<SweepSettings>;
}

/** Wires the parts and listens. */
export async function startServer(
  config: Config,
  log: FastifyBaseLogger,
  internals: Internals = {},
): Promise<RunningServer> {
  const store = await openSqliteStore({
    dataDir: config.dataDir,
    plivoTimeZone: config.plivoTimeZone,
    unregisteredLimit: UNREGISTERED_LIMIT,
  });
  try {
    return await serve(config, log, store, internals);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serve(
  config: Config,
  log: FastifyBaseLogger,
  store: Store,
  internals: Internals,
): Promise<RunningServer> {
  const now = Date.now;
  const authenticator = new Authenticator(store, now);
  const { keyId, madeKey } = await ensureAdminKey(store, config.adminKey);
  const { epoch } = await store.ping();
  const { services, halt } = wire(config, log, store, authenticator, now);
  const { app, endStreams } = await buildApp(services, epoch, log);
  await app.listen({ port: config.port, host: config.host });
  const url = urlOf(app.server.address() as AddressInfo, config.host);
  if (services.publicUrls.length === 0) (services.publicUrls as string[]).push(url);
  const endSockets = serveWebSocket(app.server, services, epoch);
  services.hub.start();
  const sweeper = makeSweeper(services, internals);
  sweeper.run();
  services.rescorer.run();

  return {
    url,
    madeKey,
    signInUrl: `${url}/sign-in#token=${authenticator.signInToken(keyId)}`,
    async stop() {
      halt();
      endSockets();
      endStreams();
      await sweeper.stop();
      await services.rescorer.stop();
      await closeApp(app);
      await services.intake.idle();
      services.hub.stop();
      await store.close();
    },
  };
}

/** A connection that was busy when the closing began may idle on afterwards, and would hold it up. */
async function closeApp(app: FastifyInstance): Promise<void> {
  const sweeping = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  await app.close().finally(() => clearInterval(sweeping));
}

function wire(config: Config, log: FastifyBaseLogger, store: Store, authenticator: Authenticator, now: () => number) {
  let ready = true;
  const reports = new ReportCache(store, now);
  const overviews = new OverviewService(store, now);
  const hub = new LiveHub(reports, overviews, (error) => log.error({ err: error }, 'a live update failed'));
  const publish = ({ touched }: Applied): void => {
    reports.touch(touched);
    overviews.touch(touched);
    hub.touch(touched);
  };
  const services: Services = {
    config,
    store,
    intake: new Intake(store, INTAKE_LIMITS, publish),
    status: new IntakeStatus(),
    sweep: new SweepStatus(),
    reports,
    overviews,
    hub,
    rescorer: new Rescorer(store, publish, log),
    authenticator,
    log,
    publish,
    now,
    workspace: DEFAULT_WORKSPACE,
    publicUrls: [...config.publicUrls],
    isReady: () => ready,
  };
  return {
    services,
    halt: () => {
      ready = false;
    },
  };
}

/** Looks after calls whose end never came. Only the default workspace has a Plivo account. */
function makeSweeper(services: Services, { sweep }: Internals): Sweeper {
  const { config, store, intake, log, now } = services;
  const effects = { ...realEffects, now };
  const { plivoApiUrl: apiUrl, plivoAuthId: authId } = config;
  const [authToken] = config.plivoAuthTokens;
  const details = authId === '' || !authToken ? null : new CallDetails({ apiUrl, authId, authToken }, effects);
  const detailsOf = (workspace: string) => (workspace === services.workspace ? details : null);
  return new Sweeper({ store, intake, detailsOf, status: services.sweep, log, effects }, sweep);
}

/** The configured key, or at the first start a new one, which is shown once. */
async function ensureAdminKey(store: Store, configured: string): Promise<{ keyId: string; madeKey: string | null }> {
  const isFirst = configured === '' && !(await store.hasKeys());
  const key = configured === '' ? newKey() : configured;
  const keyId = configured === '' ? 'bootstrap' : `env-${hashOf(configured).slice(0, 8)}`;
  if (configured !== '' || isFirst) {
    await store.addKey(hashOf(key), {
      id: keyId,
      workspace: DEFAULT_WORKSPACE,
      role: 'admin',
      ingestOnly: false,
      expiresAt: null,
    });
  }
  return { keyId, madeKey: isFirst ? key : null };
}

function urlOf({ port }: AddressInfo, host: string): string {
  const shown = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  return `http://${shown}:${port}`;
}
