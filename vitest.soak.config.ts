import { configDefaults, defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

const HOUR_MS = 3_600_000;

/** The long checks: one at a time, so that none disturbs the figures of another. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['packages/*/src/testing/*.soak.ts', 'tests/**/*.soak.ts'],
    exclude: configDefaults.exclude,
    fileParallelism: false,
    isolate: true,
    testTimeout: HOUR_MS,
    hookTimeout: HOUR_MS,
    disableConsoleIntercept: true,
  },
});
