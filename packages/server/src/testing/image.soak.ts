import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { readDockerfile, withoutIgnored } from './dockerfile.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const NOBODY = '65534';

/** An empty folder that whoever runs the server can enter, and that goes with the test. */
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ringside-image-'));
  chmodSync(path, 0o755);
  onTestFinished(() => {
    run('chmod', ['-R', 'u+w', path], '/');
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 });
}

/** What is sent to the builder: files that are in version control, or are about to be, and are not ignored. */
function contextIn(into: string): void {
  const listed = run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root).split('\0');
  const files = listed.filter((path) => path !== '' && existsSync(join(root, path)));
  for (const path of withoutIgnored(files, readFileSync(join(root, '.dockerignore'), 'utf8'))) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    cpSync(join(root, path), join(into, path));
  }
}

/** The steps of the Dockerfile, without Docker. @returns the folder that would be `/app`, and the last stage */
function build() {
  const [first, image] = readDockerfile(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8'));
  if (!first || !image) throw new Error('deploy/Dockerfile has not got two stages');
  const [built, app] = [folder(), folder()];
  contextIn(built);
  for (const step of first.runs) run('sh', ['-ec', step], built);
  for (const { from, to } of image.copies)
    cpSync(from.replace(/^\/app/, built), join(app, to), { recursive: true, verbatimSymlinks: true });
  run('chmod', ['-R', 'a-w,a+rX', app], '/');
  return { app, image };
}

/** As nobody special, where we are somebody. */
function unprivileged(command: readonly string[]): [string, string[]] {
  const prefix = userInfo().uid === 0 ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
  const [first = '', ...rest] = [...prefix, ...command];
  return [first, rest];
}

it('the image: built by the steps of its Dockerfile, it runs from files that it cannot write, as nobody', async () => {
  const { app, image } = build();
  const data = folder();
  chmodSync(data, 0o777);
  const env = { ...image.env, PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', RINGSIDE_DATA: data };
  const [command, args] = unprivileged(image.entrypoint);
  const server = spawn(command, args, { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void server.kill('SIGKILL'));
  let written = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (written += chunk));
  const ended = new Promise((resolve) => server.on('close', (code) => resolve(code)));
  await expect.poll(() => written, { timeout: 20_000 }).toMatch(/listens on \S+\n/);
  const url = /listens on (\S+)\n/.exec(written)?.[1] ?? '';

  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok', service: 'ringside' });
  const page = await (await fetch(url)).text();
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1];
  expect((await fetch(url + script)).headers.get('content-type')).toContain('javascript');
  const [check = '', ...checkArgs] = image.healthcheck ?? [];
  const asked = spawn(check, checkArgs, { env: { ...env, PORT: new URL(url).port }, stdio: 'inherit' });
  expect(await new Promise((resolve) => asked.on('close', resolve))).toBe(0);
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  if (userInfo().uid === 0) expect(status).toContain(`Uid:\t${NOBODY}\t`);

  server.kill(image.stopSignal as NodeJS.Signals);
  expect(await ended, written).toBe(0);
  expect(existsSync(join(data, 'ringside.db'))).toBe(true);
  const megabytes = Number(run('du', ['-sk', app], '/').split('\t')[0]) / 1_024;
  console.log(`installed beside Node.js and Debian: ${megabytes.toFixed(0)} MB`);
});

it('what it is checked with: a server that may write nothing where it lies cannot', () => {
  const app = folder();
  writeFileSync(join(app, 'file'), '');
  run('chmod', ['-R', 'a-w,a+rX', app], '/');
  const [command, args] = unprivileged(['sh', '-c', 'echo x >> file']);
  expect(() => run(command, args, app)).toThrow('cannot create file');
});
