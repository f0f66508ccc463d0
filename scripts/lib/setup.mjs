/** Set-up that every script shares. Only Node's standard library: it runs before anything is installed. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a command in the repository. Rejects when it fails, with its output unless that was shown already. */
export function run(command, args, { quiet = false, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
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

/** Installs what the lock file says, unless that is there already. */
export async function ensureInstalled(say = console.log) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(`Node.js 20.19 or newer is needed; this is ${process.versions.node}.`);
  const mark = join(root, 'node_modules/.package-lock.json');
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return;
  say('Installing packages (about a minute) …');
  await run('npm', ['ci', '--no-fund', '--no-audit'], { quiet: true });
}

/** Compiles what changed, and builds the page when any of its sources is newer than it. */
export async function ensureBuilt(say = console.log) {
  say('Compiling …');
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b'], { quiet: true });
  await run(process.execPath, [join(root, 'packages/server/scripts/bundle-threads.mjs')], { quiet: true });
  const page = join(root, 'packages/dashboard/dist/index.html');
  const sources = ['dashboard', 'client', 'protocol'].map((name) => join(root, 'packages', name));
  if (existsSync(page) && Math.max(...sources.map(newest)) < statSync(page).mtimeMs) return;
  say('Building the page …');
  await run('npm', ['run', 'build', '-w', '@ringside/dashboard'], { quiet: true });
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
