import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { adminKey } from './access/admin-key.ts';
import type { Config } from './config/options.ts';
import { buildApp, type RouteRow } from './http/app.ts';
import { serveWebSocket } from './live/websocket.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import { type Internals, openSpool, type Storage, type Wired, wire } from './wiring.ts';

export type { Internals } from './wiring.ts';

const CLOSE_IDLE_EVERY_MS = 50;
const ANSWER_WITHIN_MS = 4_000;

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Every route and what it needs. */
  readonly routes: readonly RouteRow[];
  /** The admin key, when it was made at this start. */
  readonly madeKey: string | null;
  /** One-time sign-in link of the dashboard. */
  readonly signInUrl: string;
  /** Lets balancers turn away, stops intake, answers what is in flight, closes streams and the store. */
  stop(): Promise<void>;
}

/** Wires the parts and listens. */
export async function startServer(
  config: Config,
  log: FastifyBaseLogger,
  internals: Internals = {},
): Promise<RunningServer> {
  const store = await openStore(config);
  try {
    return await serve(config, log, { store, spool: await openSpool(config) }, internals);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serve(
  config: Config,
  log: FastifyBaseLogger,
  storage: Storage,
  internals: Internals,
): Promise<RunningServer> {
  const { store } = storage;
  const { now = Date.now } = internals;
  const { bearer, madeKey, isRevoked } = await adminKey(store.access, config.adminKey, now());
  if (isRevoked) log.warn('the first admin key, or the one in RINGSIDE_ADMIN_KEY, was revoked: set another to get in');
  await warnOfForeignErasures(store, log);
  const { epoch } = await store.ping();
  const wired = wire(config, log, storage, internals);
  const { services } = wired;
  await wired.load();
  const { app, routes, endStreams } = await buildApp(services, epoch, log);
  await app.listen({ port: config.port, host: config.host });
  const url = urlOf(app.server.address() as AddressInfo, config.host);
  if (services.publicUrls.length === 0) (services.publicUrls as string[]).push(url);
  const endSockets = serveWebSocket(app.server, services, epoch);
  run(wired);

  return {
    url,
    routes,
    madeKey,
    signInUrl: `${url}/sign-in#token=${services.authenticator.signInToken(bearer)}`,
    async stop() {
      wired.halt();
      await drain(app, config.drainSeconds * 1_000);
      endSockets();
      endStreams();
      await stop(wired, app, log);
      await store.close();
    },
  };
}

function run({ services, sweeper, spooled, accessWatch, show }: Wired): void {
  services.nodes.start(show);
  services.hub.start();
  sweeper.run();
  for (const upkeep of [services.rescorer, services.retainer, services.eraser]) upkeep.start();
  accessWatch.run();
  spooled?.run();
}

/** First what makes work, then what takes it in, then what tells others of it. */
async function stop({ services, sweeper, spooled, accessWatch }: Wired, app: FastifyInstance, log: FastifyBaseLogger) {
  const { rescorer, retainer, eraser, intake, numbersSeen, hub, nodes } = services;
  const steps: readonly (readonly [string, () => Promise<unknown> | undefined])[] = [
    ['upkeep', () => Promise.all([sweeper, rescorer, retainer, eraser, accessWatch].map((part) => part.stop()))],
    ['connections', () => closeApp(app)],
    ['intake', () => intake.finish()],
    ['the spool', () => spooled?.stop()],
    ['the audit log', () => numbersSeen.idle()],
    ['other nodes', () => nodes.stop()],
  ];
  for (const [what, step] of steps) {
    // Said before and not after, so that the last line tells what a stop hangs on.
    log.info({ what }, 'stopping');
    await step();
  }
  hub.stop();
}

/** Goes on as before, but for connections that end with their next answer, until no balancer sends anything any more. */
async function drain(app: FastifyInstance, ms: number): Promise<void> {
  if (ms === 0) return;
  app.server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
  await sleep(ms);
}

/**
 * A connection that was busy when the closing began may idle on afterwards, and would hold it up; so would somebody who
 * loads a large file, for whom it ends torn.
 */
async function closeApp(app: FastifyInstance): Promise<void> {
  const sweeping = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const ending = setTimeout(() => app.server.closeAllConnections(), ANSWER_WITHIN_MS);
  await app.close();
  clearInterval(sweeping);
  clearTimeout(ending);
}

async function warnOfForeignErasures(store: Store, log: FastifyBaseLogger): Promise<void> {
  const foreign = await store.foreignErasures();
  if (foreign === 0) return;
  log.warn(`${foreign} numbers were erased under another RINGSIDE_SECRET_KEY and are not recognised: erase them again`);
}

function urlOf({ port }: AddressInfo, host: string): string {
  const shown = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  return `http://${shown}:${port}`;
}
