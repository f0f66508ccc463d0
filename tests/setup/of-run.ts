import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { servePostgresOfRun } from '../../packages/server/src/testing/postgres-of-run.ts';

const bundleThreads = fileURLToPath(new URL('../../packages/server/scripts/bundle-threads.mjs', import.meta.url));

/** Prepares what all files of a test run share. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, [bundleThreads], { stdio: 'inherit' });
  const postgres = await servePostgresOfRun();
  project.provide('postgresOfRun', postgres.url);
  return () => postgres.stop();
}
