import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readLines } from './journal-lines.ts';
import { hangup, PUBLIC_URL, send } from './testing/callbacks.ts';
import { Program } from './testing/child-process.ts';
import { ADMIN_KEY, AUTH_ID, AUTH_TOKEN, TestRingside, temporaryFolder } from './testing/ringside.ts';

let ringside: TestRingside;
beforeEach(async () => {
  ringside = await TestRingside.create();
});
afterEach(() => ringside.destroy());

interface RunningHost {
  readonly host: Program;
  readonly url: string;
}

async function startHost(name: string, env: Readonly<Record<string, string>> = {}): Promise<RunningHost> {
  const host = new Program(`examples/${name}/src/main.ts`, {
    RINGSIDE_URL: ringside.url,
    RINGSIDE_KEY: ADMIN_KEY,
    PUBLIC_URL,
    PORT: '0',
    ...env,
  });
  const [, url = ''] = await host.printed(/listens on (\S+)/);
  return { host, url };
}

const callsOf = (campaignId: string, calls: readonly string[]): Promise<void> =>
  vi.waitFor(async () => expect((await ringside.callsOf(campaignId))?.sort()).toEqual([...calls].sort()), 15_000);

describe.each(['express-host', 'fastify-host'])('the example %s', (name) => {
  it('bills a call, and the report shows it', async () => {
    await ringside.start();
    const { host, url } = await startHost(name);

    const player = new Program('examples/play-call/src/main.ts', {
      HOST_URL: url,
      PUBLIC_URL,
      PLIVO_AUTH_ID: AUTH_ID,
      PLIVO_AUTH_TOKEN: AUTH_TOKEN,
      CAMPAIGN: name,
    });
    const [, callUuid = ''] = await player.printed(/played call (\S+)/);

    expect(player.output).toMatch(/ring: 200 ok\n.*answer: 200 <Response>.*\n.*hangup: 200 ok\n/);
    await host.printed(new RegExp(`billing: call ${callUuid} to 919876543210 ended completed, 60 s for 0.00500 USD`));
    await callsOf(name, [callUuid]);
    await vi.waitFor(async () => {
      const health = await (await fetch(`${url}/healthz`)).json();
      expect(health).toMatchObject({ ringside: { delivered: 3, waiting: 0, refused: 0, missed: 0 } });
    });
  });

  it('takes callbacks by GET, and delivers what waits when it is stopped', async () => {
    await ringside.start();
    const { host, url } = await startHost(name);
    const callback = hangup({ campaignId: name, method: 'GET' });

    await send(url, callback);

    expect(await host.end('SIGTERM')).toBe(0);
    expect(host.output).toContain(`billing: call ${callback.callUuid}`);
    await callsOf(name, [callback.callUuid]);
  });

  it('loses nothing when it is killed while Ringside is down', async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const QUEUE_FILE = join(folder, 'queue.ndjson');
    const first = await startHost(name, { QUEUE_FILE });
    const callbacks = Array.from({ length: 5 }, () => hangup({ campaignId: name }));
    for (const callback of callbacks) await send(first.url, callback);
    await vi.waitFor(async () => expect(readLines(await readFile(QUEUE_FILE, 'utf8')).items).toHaveLength(5), 5_000);
    await first.host.end('SIGKILL');

    await startHost(name, { QUEUE_FILE });
    await ringside.start();

    await callsOf(
      name,
      callbacks.map(({ callUuid }) => callUuid),
    );
  });
});
