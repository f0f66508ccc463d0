/** Bundles each thread of the store into one file: a thread that loads one file is ready after a seventh of the processor time. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const server = fileURLToPath(new URL('..', import.meta.url));

await build({
  absWorkingDir: server,
  entryPoints: ['src/store/sqlite/worker.ts', 'src/store/sqlite/reader-worker.ts'],
  outdir: 'dist/threads',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['ringside-src'],
  // Finds its binary beside its own files.
  external: ['@photostructure/sqlite'],
  sourcemap: true,
  logLevel: 'warning',
});
