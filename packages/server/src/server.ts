import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Config } from './config/options.ts';
import { buildApp, type RouteRow } from './http/app.ts';
import { openSpool } from './ingest/spool/open-spool.ts';
import { serveWebSocket } from './live/websocket.ts';
import { prepare, prepareLate, unlessAway } from './prepare.ts';
import { openServerStore } from './store/open-server-store.ts';
import { type Internals, type Places, type Wired, wire } from './wiring.ts';

export type { Internals } from './wiring.ts';

const CLOSE_IDLE_EVERY_MS = 50;
const ANSWER_WITHIN_MS = 4_000;

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Every route and what it needs. */
  readonly routes: readonly RouteRow[];
  /** Known once the store is open: at once, unless it was away. Rejects when it can never be opened. */
  readonly welcome: Promise<Welcome>;
  /** Lets balancers turn away, stops intake, answers what is in flight, closes streams and the store. */
  stop(): Promise<void>;
}

/** How to get in. */
export interface Welcome {
  /** The admin key, when it was made at this start. */
  readonly madeKey: string | null;
  /** One-time sign-in link of the dashboard. */
  readonly signInUrl: string;
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
  const wired = wire(config, log, places, internals);
  const { services } = wired;
  const stopping = new AbortController();
  // Where the store is there, nothing is served before all is known; where it is away, callbacks must be taken.
  const preparing = storage.isThere ? prepare(wired, config, log) : null;
  const early = preparing && (await preparing.catch((error: unknown) => unlessAway(error, own !== null)));
  const { app, routes, endStreams } = await buildApp(services, log);
  await app.listen({ port: config.port, host: config.host });
  const url = urlOf(app.server.address() as AddressInfo, config.host);
  services.simulation.listensAt(url);
  if (services.publicUrls.length === 0) (services.publicUrls as string[]).push(url);
  const endSockets = serveWebSocket(app.server, services);
  wired.spooled?.run();
  const begin = async (): Promise<Welcome> => {
    const { bearer, madeKey } = early ?? (await prepareLate(wired, config, log, storage.opened, stopping.signal));
    if (!stopping.signal.aborted) run(wired);
    const page = services.publicUrls[0] ?? url;
    return { madeKey, signInUrl: `${page}/sign-in#token=${services.authenticator.signInToken(bearer)}` };
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
      wired.halt();
      await drain(app, config.drainSeconds * 1_000);
      endSockets();
      endStreams();
      await stop(wired, app, log);
      await services.store.close();
      own?.unlock();
    },
  };
}

/** What needs to know who is who. */
function run({ services, sweeper, accessWatch, control, show }: Wired): void {
  services.nodes.start(show);
  services.hub.start();
  sweeper.run();
  for (const upkeep of [services.rescorer, services.retainer, services.eraser]) upkeep.start();
  accessWatch.run();
  control.clock.start();
  services.dialers.start();
}

/** First what makes work, then what takes it in, then what tells others of it. */
async function stop(
  { services, sweeper, spooled, accessWatch, control }: Wired,
  app: FastifyInstance,
  log: FastifyBaseLogger,
) {
  const { simulation, dialers, rescorer, retainer, eraser, intake, numbersSeen, hub, nodes } = services;
  const upkeep = [sweeper, rescorer, retainer, eraser, accessWatch, control.clock];
  const steps: readonly (readonly [string, () => Promise<unknown> | undefined])[] = [
    // It says over HTTP that its campaign is cancelled.
    ['the simulation', () => simulation.shutDown()],
    // What it did must still be taken in, and callbacks may prove what it sent last.
    ['the dialer', () => dialers.stop()],
    ['upkeep', () => Promise.all(upkeep.map((part) => part.stop()))],
    ['connections', () => closeApp(app)],
    ['orders to dialers', () => control.courier.stop()],
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

function urlOf({ port }: AddressInfo, host: string): string {
  const shown = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  return `http://${shown}:${port}`;
}
