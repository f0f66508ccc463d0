#!/usr/bin/env node
import { pino } from 'pino';
import { ConfigError, configHelp, loadConfig } from './config/options.ts';
import { startServer } from './server.ts';
import { StoreOpenError } from './store/sqlite/database.ts';

const STOP_WITHIN_MS = 10_000;

/** One clear line for the operator. */
function giveUp(message: string): never {
  process.stderr.write(`ringside: ${message}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StoreOpenError) return error.message;
  const { code, port, address, message } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') return `port ${port} is in use: stop the other program or set PORT`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
    return `cannot listen on ${address}:${port} (${code}): set HOST and PORT`;
  return message;
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(
      `Ringside: live reports of outbound call campaigns\n\nSettings (environment):\n${configHelp()}\n`,
    );
    return;
  }
  const config = loadConfig(process.env);
  const log = pino({ level: config.logLevel });
  const server = await startServer(config, log);
  if (server.madeKey) process.stdout.write(`API key with role admin, shown only now: ${server.madeKey}\n`);
  process.stdout.write(`Ringside listens on ${server.url}\nSign in once with ${server.signInUrl}\n`);

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => giveUp('could not stop in time'), STOP_WITHIN_MS).unref();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => giveUp(explain(error)),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => giveUp(explain(error)));
