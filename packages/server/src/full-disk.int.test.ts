import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hangup, sendCallback, temporaryFolder } from './testing/running-server.ts';
import { startProcess } from './testing/server-process.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** The system refuses to let any file grow beyond so many blocks of 512 bytes. */
const limited = (blocks: number): string[] => ['sh', '-c', `ulimit -f ${blocks}; exec "$0" "$@"`];

describe('the embedded store on a full disk', () => {
  it('leaves nothing behind of a first start, which goes through once there is room', async () => {
    const { ended } = await startProcess(folder.path, {}, limited(0));
    const { code, stderr } = await ended;
    expect(stderr).toMatch(/^ringside: cannot open the store in .*: .*secret\.key cannot be written: [^\n]+\n$/);
    expect(code).toBe(1);
    const server = await startProcess(folder.path);
    expect((await sendCallback(server.url, 'hangup', 'c', hangup('first'))).status).toBe(200);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });

  it('names the file where a key was cut off', async () => {
    writeFileSync(join(folder.path, 'secret.key'), 'c2hvcnQ=\n');
    const { code, stderr } = await (await startProcess(folder.path)).ended;
    expect(stderr).toMatch(
      /^ringside: cannot open the store in .*secret\.key holds no key of 32 bytes [^\n]*delete it\n$/,
    );
    expect(code).toBe(1);
  });

  it('is not ready while it refuses what comes in', async () => {
    const server = await startProcess(folder.path, {}, limited(4_096));
    const readiness = async () => {
      const response = await fetch(`${server.url}/readyz`);
      const { status, store } = (await response.json()) as { status: string; store: string };
      return { code: response.status, status, store };
    };
    expect(await readiness()).toEqual({ code: 200, status: 'ready', store: 'answers' });
    const statuses: number[] = [];
    while (!statuses.includes(503) && statuses.length < 400) {
      const all = Array.from({ length: 8 }, (_, n) =>
        sendCallback(server.url, 'hangup', 'c', hangup(`d${statuses.length + n}`)),
      );
      statuses.push(...(await Promise.all(all)).map(({ status }) => status));
    }
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    expect(await readiness()).toEqual({ code: 503, status: 'not ready', store: 'refuses' });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    server.child.kill('SIGKILL');
    await server.ended;
  });
});
