import { configDefaults, defineConfig } from 'vitest/config';

/** Workspace packages resolve to their sources, so tests need no build. */
const conditions = ['ringside-src'];

export default defineConfig({
  resolve: { conditions: [...conditions, 'module', 'node'] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node'] } },
  test: {
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/*.full.test.ts'],
    globalSetup: ['tests/setup/of-run.ts'],
    // Much of a run is waiting: for timers, disks, other processes.
    maxWorkers: 3,
    // Modules are loaded once a worker: none of them has state of its own.
    isolate: false,
    // A wait ends with its event. These bounds only end a test that hangs: delays that users are promised are measured as such.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', './scripts/summary-reporter.mjs'],
  },
});
