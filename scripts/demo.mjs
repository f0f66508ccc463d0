/** `npm run demo`: a server on an empty store that dials a list, and a sandbox that plays Plivo, on free ports, until Ctrl-C. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endChildren } from './lib/children.mjs';
import { dialAgain, dialList } from './lib/demo-dialing.mjs';
import { SANDBOX, SERVER, startPart } from './lib/demo-parts.mjs';
import { freePort } from './lib/ports.mjs';
import { ensureBuilt, ensureInstalled, root } from './lib/setup.mjs';

const PARENT_CHECK_MS = 250;
const secret = () => randomBytes(24).toString('base64url');
const dataDir = mkdtempSync(join(tmpdir(), 'ringside-demo-'));

async function demo() {
  const began = Date.now();
  await ensureInstalled(console.log, 'run');
  await ensureBuilt(console.log, 'run');
  console.log('Starting the server and the sandbox …');
  const key = secret();
  const { signInUrl, env } = await startParts(key);
  console.log(`
Ready after ${Math.round((Date.now() - began) / 1000)} s: campaigns are being called. Ctrl-C ends the demo.
The link signs in once; later sign in with the key ${key}

  ${signInUrl}`);
  await dialAgain(env);
}

/** Starts all programs and the first campaigns. @returns the link to the page, and what asking the server needs */
async function startParts(key) {
  const apiPort = await freePort();
  const account = { PLIVO_AUTH_ID: 'MADEMO0000000000DEMO', PLIVO_AUTH_TOKEN: secret() };
  const shell = await withoutSettings(process.env);
  const start = (name, command, env) => startPart(name, command, { ...shell, ...account, ...env }, fail);
  const server = start('the server', [SERVER], {
    PORT: String(await freePort(4000)),
    RINGSIDE_DATA: dataDir,
    RINGSIDE_ADMIN_KEY: key,
    LOG_LEVEL: 'warn',
    PLIVO_API_URL: `http://127.0.0.1:${apiPort}`,
    PLIVO_CPS: '5',
  });
  const [listens, link] = await Promise.all([
    server.printed(/listens on (\S+)/),
    server.printed(/Sign in once with (\S+)/),
  ]);
  const ringside = { RINGSIDE_URL: listens[1], RINGSIDE_KEY: key };
  const serve = ['serve', '--port', String(apiPort), '--cps', '10', '--preset', 'evening'];
  const run = ['run', '--preset', 'steady,voicemail-heavy,carrier-trouble', '--loop', '--backfill', '20'];
  const provider = start('the sandbox’s Call API', [SANDBOX, ...serve], ringside);
  const dialer = start('the sandbox’s dialer', [SANDBOX, ...run], ringside);
  const env = { ...shell, ...ringside };
  await provider.printed(/Call API is at/);
  await Promise.all([dialer.printed(/ starts: /), dialList(env, 1)]);
  return { signInUrl: link[1], env };
}

/** The demo has settings of its own: a DATABASE_URL of the shell names a store that is not empty. */
async function withoutSettings(env) {
  const { options } = await import(pathToFileURL(join(root, 'packages/server/dist/config/options.js')).href);
  const names = new Set(Object.values(options).map((option) => option.env));
  return Object.fromEntries(Object.entries(env).filter(([name]) => name === 'HOST' || !names.has(name)));
}

let isEnding = false;

function fail(reason) {
  if (isEnding) return;
  console.error(`The demo ends: ${reason}`);
  void end(1);
}

async function end(code) {
  if (isEnding) return;
  isEnding = true;
  await endChildren();
  rmSync(dataDir, { recursive: true, force: true });
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));
// Without anybody to read it, the link reaches nobody.
process.stdout.on('error', () => end(1));
// A SIGKILL of npm reaches no other process.
const { ppid } = process;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== ppid && end(0), PARENT_CHECK_MS).unref();
demo().catch((error) => fail(error.message));
