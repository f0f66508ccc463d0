/** `npm run demo`: a server on an empty store that dials a list, and a sandbox that plays Plivo, on free ports, until Ctrl-C. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dialLists } from './lib/demo-dialing.mjs';
import { ensureBuilt, ensureInstalled, exitOnError, root } from './lib/setup.mjs';

const secret = () => randomBytes(24).toString('base64url');
const children = [];

async function demo() {
  const began = Date.now();
  await ensureInstalled();
  await ensureBuilt();
  const port = (await isFree(4000)) ? 4000 : 0;
  const dataDir = mkdtempSync(join(tmpdir(), 'ringside-demo-'));
  process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  const key = secret();
  const apiPort = await freePort();
  const account = { PLIVO_AUTH_ID: 'MADEMO0000000000DEMO', PLIVO_AUTH_TOKEN: secret() };
  console.log('Starting the server and the sandbox …');
  const settings = {
    PORT: String(port),
    RINGSIDE_DATA: dataDir,
    RINGSIDE_ADMIN_KEY: key,
    LOG_LEVEL: 'warn',
    PLIVO_API_URL: `http://127.0.0.1:${apiPort}`,
    PLIVO_CPS: '5',
  };
  const server = start('packages/server/dist/main.js', [], { ...account, ...settings }, 'pipe');
  const { url, signInUrl } = await listening(server);
  const ringside = { RINGSIDE_URL: url, RINGSIDE_KEY: key };
  const sandbox = (args, stdout) => start('packages/sandbox/dist/main.js', args, { ...account, ...ringside }, stdout);
  sandbox(['serve', '--port', String(apiPort), '--cps', '10', '--preset', 'evening'], 'ignore');
  sandbox(['run', '--preset', 'steady,voicemail-heavy,carrier-trouble', '--loop', '--backfill', '20']);
  console.log(
    `\nReady after ${Math.round((Date.now() - began) / 1000)} s. Campaigns are being called; open\n\n  ${signInUrl}\n\n(the link signs in once; later sign in with the key ${key})\nCtrl-C ends the demo.\n`,
  );
  await dialLists(ringside);
}

/** Starts a part of the demo; when it ends, so does the demo. */
function start(script, args, env, stdout = 'inherit') {
  const child = spawn(process.execPath, [join(root, script), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout, 'inherit'],
  });
  children.push(child);
  child.on('exit', (code) => end(code ?? 0));
  return child;
}

let ending = false;
function end(code) {
  if (ending) return;
  ending = true;
  for (const child of children) child.kill('SIGTERM');
  const gone = children.map((child) => child.exitCode ?? new Promise((resolve) => child.on('exit', resolve)));
  exitOnError(Promise.all(gone).then(() => process.exit(code)));
}

/** The addresses that the server prints when it is ready. */
function listening(server) {
  return new Promise((resolve) => {
    let output = '';
    server.stdout.on('data', (chunk) => {
      output += chunk;
      const url = /listens on (\S+)/.exec(output)?.[1];
      const signInUrl = /Sign in once with (\S+)/.exec(output)?.[1];
      if (url && signInUrl) resolve({ url, signInUrl });
    });
  });
}

/** A port for the sandbox's API: the server must know it before the sandbox starts. */
function freePort() {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

process.on('SIGINT', () => end(0));
process.on('SIGTERM', () => end(0));
exitOnError(demo());
