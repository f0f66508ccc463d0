import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The second tier: drills, whole campaigns and laws at a larger size. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['packages/*/src/**/*.full.test.ts', 'tests/**/*.full.test.ts'], exclude: [] },
});
