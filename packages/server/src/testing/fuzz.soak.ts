import net from 'node:net';
import { expect, it } from 'vitest';
import type { Diagnosis } from '../cli/doctor/doctor.ts';
import { cli } from './cli.ts';
import { fuzz } from './fuzz-check.ts';
import { KEY, temporaryFolder } from './running-server.ts';
import { startProcess } from './server-process.ts';

const REQUESTS = Number(process.env.REQUESTS ?? 200_000);
const SLOW = 200;

it('answers 200,000 wrong requests with clear refusals, and senders that never finish with 408', async () => {
  const folder = temporaryFolder();
  const server = await startProcess(folder.path, { RINGSIDE_SIMULATION: '0' });
  try {
    const begun = performance.now();
    const slow = Array.from({ length: SLOW }, () => neverFinishes(new URL(server.url)));
    const { statuses, faults } = await fuzz({ base: server.url, requests: REQUESTS, seed: 20250807 });
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, n]) => `${status}: ${n}`);
    console.log(`S4: ${REQUESTS} requests in ${seconds} s, by status ${counts.join(', ')}`);
    expect(faults).toEqual([]);
    expect(new Set(await Promise.all(slow))).toEqual(new Set([408]));
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
    const { store } = JSON.parse((await cli(['doctor', '--json', '--data-dir', folder.path])).out) as Diagnosis;
    expect(store).toMatchObject({ different: [] });
  } finally {
    server.child.kill('SIGKILL');
    await server.ended;
    folder.remove();
  }
});

/** Sends the head of a request and never its body. @returns the status with which the server gave up waiting */
function neverFinishes({ hostname, port }: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)));
    // Who has no key is refused before the body is waited for.
    const headers = ['host: x', `authorization: Bearer ${KEY}`, 'content-type: application/json', 'content-length: 10'];
    socket.write(`POST /v1/events HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n{`);
  });
}
