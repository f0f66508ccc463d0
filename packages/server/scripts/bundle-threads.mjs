/**
 * Bundles each thread into one file: a thread that loads one file is ready after a seventh of the processor time. The one that
 * plays simulations holds the sandbox, which so need not be installed beside the server.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const server = fileURLToPath(new URL('..', import.meta.url));

await build({
  absWorkingDir: server,
  entryPoints: [
    'src/store/sqlite/worker.ts',
    'src/store/sqlite/reader-worker.ts',
    'src/simulation/simulation-worker.ts',
  ],
  outdir: 'dist/threads',
  entryNames: '[name]',
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
