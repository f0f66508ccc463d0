import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import type { Config } from '../config/options.ts';
import { type RunningServer, startServer } from '../server.ts';
import { explain, giveUp } from './give-up.ts';

const STOP_WITHIN_MS = 10_000;

/** Starts the server, says where it is, and stops it when the system asks. */
export async function serve(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel });
  const server = await startServer(config, log, { ownsProcess: true });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    const within = config.drainSeconds * 1_000 + STOP_WITHIN_MS;
    setTimeout(() => giveUp('could not stop in time'), within).unref();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => giveUp(explain(error)),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await greet(server, log).catch(async (error: unknown) => {
    if (stopping) return;
    // What it has acknowledged is on the disk; the next start goes on with it.
    await server.stop();
    giveUp(explain(error));
  });
}

async function greet({ url, welcome }: RunningServer, log: FastifyBaseLogger): Promise<void> {
  const listens = `Ringside listens on ${url}\n`;
  const early = await Promise.race([welcome, null]);
  if (early === null) {
    process.stdout.write(listens);
    log.warn(
      'PostgreSQL is away: signed callbacks are taken and wait in the spool, all else is answered 503 until it is there',
    );
  }
  const { madeKey, signInUrl } = await welcome;
  if (madeKey) process.stdout.write(`API key with role admin, shown only now: ${madeKey}\n`);
  process.stdout.write(`${early === null ? '' : listens}Sign in once with ${signInUrl}\n`);
}
