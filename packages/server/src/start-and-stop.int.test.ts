import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUTH_TOKEN, hangup, KEY, sendCallback, temporaryFolder } from './testing/running-server.ts';
import { startProcess } from './testing/server-process.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** One clear line and exit code 1. */
async function expectRefusal(env: Record<string, string>, line: RegExp, dataDir = folder.path): Promise<void> {
  const { ended } = await startProcess(dataDir, env);
  const { code, stderr } = await ended;
  expect(stderr.trim()).toMatch(line);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(1);
}

describe('a server that cannot start says why in one line', () => {
  it('when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    await expectRefusal({ PORT: String(port) }, new RegExp(`^ringside: port ${port} is in use`));
    other.close();
  });

  it('when the data folder cannot be written', async () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    await expectRefusal({}, /^ringside: cannot open the store in .*file\/data/, join(file, 'data'));
  });

  it('when a newer version wrote the store', async () => {
    const db = new DatabaseSync(join(folder.path, 'ringside.db'));
    db.exec('PRAGMA user_version = 999');
    db.close();
    await expectRefusal({}, /^ringside: the store in .* was written by a newer Ringside/);
  });

  it.each([
    ['PORT', 'http'],
    ['PUBLIC_URL', 'example.com'],
    ['PLIVO_TIMEZONE', 'Mars/Base'],
    ['LOG_LEVEL', 'loud'],
    ['METRICS_OPEN', 'maybe'],
    ['DRAIN_SECONDS', 'soon'],
    ['ALLOWED_ORIGINS', 'https://a.example/path'],
  ])('when %s is %s', async (name, value) => {
    await expectRefusal({ [name]: value }, new RegExp(`^ringside: ${name} must be`));
  });
});

describe('the sign-in link', () => {
  it('lies on PUBLIC_URL, where people reach the page, else on the address it listens on', async () => {
    const PUBLIC_URL = 'https://calls.example.com,https://old.example.com';
    for (const [env, base] of [
      [{ PUBLIC_URL }, 'https://calls.example.com'],
      [{}, null],
    ] as const) {
      const { url, signInUrl, child, ended } = await startProcess(folder.path, env);
      expect(signInUrl.startsWith(`${base ?? url}/sign-in#token=`)).toBe(true);
      child.kill('SIGTERM');
      await ended;
    }
  });
});

describe('SIGTERM', () => {
  it('tells a balancer first, where it is given time, and goes on taking requests meanwhile', async () => {
    const server = await startProcess(folder.path, { DRAIN_SECONDS: '2' });
    server.child.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await sendCallback(server.url, 'hangup', 'c-1', hangup('call-1'))).status).toBe(200);
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('answers what is in flight, keeps it, and exits with 0', async () => {
    const server = await startProcess(folder.path);
    const sent = Array.from({ length: 200 }, (_, i) =>
      sendCallback(server.url, 'hangup', 'term', hangup(`t-${i}`)).then(
        (r) => r.status,
        () => null,
      ),
    );
    await Promise.race(sent);
    server.child.kill('SIGTERM');
    const statuses = await Promise.all(sent);
    expect((await server.ended).code).toBe(0);
    const acknowledged = statuses.filter((status) => status === 200).length;
    expect(acknowledged).toBeGreaterThan(0);
    const again = await startProcess(folder.path);
    const response = await fetch(`${again.url}/v1/campaigns/term/report`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    const report = (await response.json()) as { progress: { attempts: number } };
    expect(report.progress.attempts).toBeGreaterThanOrEqual(acknowledged);
    again.child.kill('SIGTERM');
    expect((await again.ended).code).toBe(0);
  });

  it('tells live readers to come back', async () => {
    const { LiveReader } = await import('./testing/live-reader.ts');
    const server = await startProcess(folder.path);
    const live = new LiveReader(server.url, { authorization: `Bearer ${KEY}` });
    await live.say({ type: 'ping' });
    await live.until((message) => message.type === 'pong');
    server.child.kill('SIGTERM');
    expect((await live.closed).code).toBe(1001);
    expect((await server.ended).code).toBe(0);
  });
});

describe('secrets', () => {
  it('never appear in what the server writes', async () => {
    const server = await startProcess(folder.path, { LOG_LEVEL: 'trace' });
    let output = '';
    server.child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    await fetch(`${server.url}/v1/campaigns?key=${KEY}`, { headers: { authorization: `Bearer ${KEY}` } });
    await sendCallback(server.url, 'hangup', 'log', hangup('log-1'));
    await fetch(`${server.url}/plivo/hangup-url?campId=x`, {
      method: 'POST',
      body: new URLSearchParams({ To: '+919876543210' }),
    });
    server.child.kill('SIGTERM');
    const { stderr } = await server.ended;
    expect(output).toContain('signature-invalid');
    for (const secret of [KEY, AUTH_TOKEN, '919876543210']) expect(output + stderr).not.toContain(secret);
  });
});
