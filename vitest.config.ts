import { defineConfig } from 'vitest/config';

/** Workspace packages resolve to their sources, so tests need no build. */
const conditions = ['ringside-src'];

export default defineConfig({
  resolve: { conditions: [...conditions, 'module', 'node'] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node'] } },
  test: {
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
    // Much of a run is waiting: for timers, disks, other processes.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is polled comes when it comes: a busy machine must not fail a test.
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', './scripts/summary-reporter.mjs'],
  },
});
