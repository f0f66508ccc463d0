import { pino } from 'pino';
import type { Config } from '../config/options.ts';
import { startServer } from '../server.ts';
import { explain, giveUp } from './give-up.ts';

const STOP_WITHIN_MS = 10_000;

/** Starts the server, says where it is, and stops it when the system asks. */
export async function serve(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel });
  const server = await startServer(config, log, { ownsProcess: true });
  if (server.madeKey) process.stdout.write(`API key with role admin, shown only now: ${server.madeKey}\n`);
  process.stdout.write(`Ringside listens on ${server.url}\nSign in once with ${server.signInUrl}\n`);

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
}
