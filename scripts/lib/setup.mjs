/** Set-up that every script shares. Only Node's standard library: it runs before anything is installed. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './children.mjs';
import { install } from './install.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a command in the repository. Rejects when it fails, with its output unless that was shown already. */
export function run(command, args, { quiet = false, env = {}, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = startChild(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')} failed (${code})\n${output}`));
    });
  });
}

/** Installs `all` that the lock file says, or only what is needed to `run`, unless that is there already. */
export async function ensureInstalled(say = console.log, what = 'all') {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(`Node.js 20.19 or newer is needed; this is ${process.versions.node}.`);
  await install(root, what, say);
}

/**
 * Compiles what changed, and builds the page when any of its sources is newer than it. What is only `run` is compiled
 * without the checks of its types, which take most of the time.
 */
export async function ensureBuilt(say = console.log, what = 'all') {
  const isPageBuilt = pageIsNew();
  say(isPageBuilt ? 'Compiling …' : 'Compiling, and building the page …');
  const node = (script, args, cwd = root) => run(process.execPath, [join(root, script), ...args], { quiet: true, cwd });
  const checks = what === 'run' ? ['--noCheck'] : [];
  // None needs what another writes.
  await Promise.all([
    node('node_modules/typescript/bin/tsc', ['-b', ...checks]),
    node('packages/server/scripts/bundle-threads.mjs', []),
    isPageBuilt || node('node_modules/vite/bin/vite.js', ['build'], dashboard),
  ]);
}

const dashboard = join(root, 'packages/dashboard');

function pageIsNew() {
  const page = join(dashboard, 'dist/index.html');
  const sources = ['dashboard', 'client', 'protocol'].map((name) => join(root, 'packages', name));
  return existsSync(page) && Math.max(...sources.map(newest)) < statSync(page).mtimeMs;
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

/** Ends a script with one line instead of a stack trace. */
export function exitOnError(promise) {
  promise.catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
