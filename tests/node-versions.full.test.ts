import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Report } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LiveReader } from '../packages/server/src/testing/live-reader.ts';
import {
  AUTH_ID,
  AUTH_TOKEN,
  hangup,
  KEY,
  sendCallback,
  temporaryFolder,
} from '../packages/server/src/testing/running-server.ts';
import { MAIN } from '../packages/server/src/testing/server-process.ts';

const cache = fileURLToPath(new URL('../node_modules/.cache/ringside/', import.meta.url));
const authorization = { authorization: `Bearer ${KEY}` };
const execute = promisify(execFile);

/** The runtime that npm's package of it brings, installed once. Nothing but the registry is asked. */
async function runtimeOf(major: number): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(cache, `node-${major}`);
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(binary)) return binary;
  const { npm_execpath: own = '' } = process.env;
  const [npm, ...first] = basename(own) === 'npm-cli.js' ? [process.execPath, own] : ['npm'];
  const quietly = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-fund', '--no-audit'];
  await execute(npm, [...first, 'install', '--prefix', folder, ...quietly, `${name}@${major}`]);
  return binary;
}

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
}

async function start(node: string, dataDir: string): Promise<Started> {
  const env = { RINGSIDE_DATA: dataDir, RINGSIDE_ADMIN_KEY: KEY, PLIVO_AUTH_ID: AUTH_ID, PLIVO_AUTH_TOKEN: AUTH_TOKEN };
  const child = spawn(node, [MAIN], {
    env: { ...env, PORT: '0', LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const listens = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
        const [, url] = /listens on (\S+)\n/.exec(output) ?? [];
        if (url) resolve(url);
      });
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the server ended:\n${output}`)));
  ended.catch(() => {});
  return { child, url: await Promise.race([listens, ended]) };
}

async function end({ child }: Started): Promise<void> {
  const closed = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await closed).toEqual([0, null]);
}

/** The part of a report that does not change with the clock. */
async function reportOf({ url }: Started) {
  const answer = await fetch(`${url}/v1/campaigns/smoke/report`, { headers: authorization });
  expect(answer.status).toBe(200);
  const { progress, leads, recentActivity } = (await answer.json()) as Report;
  return { attempts: progress.attempts, leads, recentActivity };
}

async function accepts({ url }: Started, call: string): Promise<void> {
  expect((await sendCallback(url, 'hangup', 'smoke', hangup(call))).status).toBe(200);
}

describe.each([22, 24])('the server under Node.js %i', (major) => {
  let node: string;
  const folder = temporaryFolder();
  beforeAll(async () => {
    node = await runtimeOf(major);
    expect((await execute(node, ['--version'])).stdout).toMatch(`v${major}.`);
  }, 600_000);
  afterAll(() => folder.remove());

  it('takes callbacks, reports, pushes, stops, and starts again with what it had', { timeout: 120_000 }, async () => {
    const first = await start(node, folder.path);
    await accepts(first, 'call-1');
    const live = new LiveReader(first.url, authorization);
    await live.say({ type: 'subscribe', campaignId: 'smoke' });
    await live.until((message) => message.type === 'snapshot');
    await accepts(first, 'call-2');
    await live.until(
      (message) => message.type === 'calls' && message.calls.some(({ callUUID }) => callUUID === 'call-2'),
    );
    const before = await reportOf(first);
    expect(before.attempts).toBe(2);
    await end(first);
    expect((await live.closed).code).toBe(1001);

    // Its data is as good for another version.
    for (const next of [node, process.execPath]) {
      const again = await start(next, folder.path);
      expect(await reportOf(again)).toEqual(before);
      await end(again);
    }
  });
});
