/** Installs packages, with progress in plain lines. Only Node's standard library: it runs before anything is installed. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startChild } from './children.mjs';

const PROGRESS_EVERY_MS = 3_000;
const UNREACHABLE =
  /^(ENOTFOUND|EAI_AGAIN|ECONN\w+|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EPROTO|\w*CERT\w*)$/;

/**
 * Installs what the lock file says, unless it is there already.
 *
 * @param what `run`: only what the server, the demo and their build need; `all`: also what tests and lint need
 */
export async function install(root, what, say) {
  const wanted = requiredPackages(root, what);
  if (isInstalled(root, wanted)) return;
  // With part of it there, only the rest is added: a demo that runs meanwhile keeps its packages.
  const isPartThere = what === 'all' && isInstalled(root, requiredPackages(root, 'run'));
  const command = isPartThere ? ['install', '--no-save', '--include=dev'] : ['ci', ...flags[what]];
  say(`Installing about ${wanted.size} packages …`);
  const stop = reportProgress(root, wanted, say);
  try {
    await npm(root, [...command, '--no-fund', '--no-audit', '--loglevel=error', ...retries]);
  } finally {
    stop();
  }
}

/** What is run needs no install scripts: native modules bring their binaries along. */
const flags = { run: ['--omit=dev', '--ignore-scripts'], all: ['--include=dev'] };

/** Gives up after seven seconds without a registry, instead of more than a minute. */
const retries = ['--fetch-retries=3', '--fetch-retry-factor=2', '--fetch-retry-mintimeout=1000'];

/** Packages of the lock file that must be there on every platform: path to what identifies the version. */
export function requiredPackages(root, what) {
  const isRequired = ([path, { dev, devOptional, optional }]) =>
    path.includes('node_modules/') && !optional && (what === 'all' || !(dev || devOptional));
  return new Map(
    Object.entries(packagesOf(join(root, 'package-lock.json')))
      .filter(isRequired)
      .map(([path, entry]) => [path, identity(entry)]),
  );
}

/** Compares with what npm noted at the end of the last installation. An interrupted one left no note. */
export function isInstalled(root, wanted) {
  const note = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(note)) return false;
  const there = packagesOf(note);
  return [...wanted].every(([path, version]) => there[path] !== undefined && identity(there[path]) === version);
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages ?? {};
}

function identity({ version, integrity, link, resolved }) {
  return link ? resolved : `${version} ${integrity}`;
}

function reportProgress(root, wanted, say) {
  let last = 0;
  const timer = setInterval(() => {
    const count = [...wanted.keys()].filter((path) => existsSync(join(root, path, 'package.json'))).length;
    if (count !== last) say(`  ${count} of ${wanted.size} packages`);
    last = count;
  }, PROGRESS_EVERY_MS);
  return () => clearInterval(timer);
}

async function npm(root, args) {
  // The npm that runs this script, where one does.
  const { npm_execpath: own = '' } = process.env;
  const [command, ...first] = basename(own) === 'npm-cli.js' ? [process.execPath, own] : ['npm'];
  const child = startChild(command, [...first, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(failure(args[0], code, errors));
}

/** The reason that npm gave, in one line. */
function failure(command, exitCode, errors) {
  const lines = errors.split('\n').map((line) => line.replace(/^npm (error|ERR!) (network )?/, '').trim());
  const code = lines.find((line) => /^code \S+$/.test(line))?.slice('code '.length) ?? `exit code ${exitCode}`;
  const [reason = ''] = lines.filter((line) => line !== '' && !/^(code|errno|syscall|path) /.test(line));
  const what = UNREACHABLE.test(code) ? 'the npm registry cannot be reached' : `npm ${command} failed`;
  return `The packages could not be installed: ${what} (${[code, reason].filter(Boolean).join(': ')}).`;
}
