import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestServer, testServer } from '../testing/running-server.ts';
import { workspaceKey } from '../testing/workspace.ts';

const lines: { msg: string; level: number; address: string; workspace: string }[] = [];
let server: TestServer;
beforeAll(async () => {
  const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  server = await testServer({}, {}, log);
});
afterAll(() => server.stop());

const fault = { message: 'RangeError: no such zone', address: '/new', place: 'new-page.js:1:20', version: '0.1.0' };

it('a fault of the page is one line of the log, without secrets, numbers or line breaks', async () => {
  const secret = 'rsk_'.padEnd(47, 'x');
  const message = `Error: +919876543210 with ${secret}\n{"level":60}`;
  const viewer = await workspaceKey(server, 'acme', { role: 'viewer' });
  const response = await server.send(
    'POST',
    '/v1/page-faults',
    { ...fault, message, address: '/campaigns/c-1' },
    viewer,
  );
  expect(response.status).toBe(204);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 40, workspace: 'acme', address: '/campaigns/c-1', place: fault.place });
  expect(lines[0]?.msg).toMatch(/^page fault: Error: /);
  for (const kept of [secret, '9876543210']) expect(JSON.stringify(lines)).not.toContain(kept);
});

it('nobody fills the log: strangers are refused, reports are short, and few of one key are taken', async () => {
  expect((await fetch(`${server.url}/v1/page-faults`, { method: 'POST' })).status).toBe(401);
  for (const wrong of [{ message: 'x'.repeat(301) }, { message: '' }, { address: 7 }, { stack: 'x' }, { place: {} }])
    expect((await server.send('POST', '/v1/page-faults', { ...fault, ...wrong })).status).toBe(400);
  const before = lines.length;
  const answers = await Promise.all(Array.from({ length: 100 }, () => server.send('POST', '/v1/page-faults', fault)));
  const statuses = answers.map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([204, 429]));
  expect(lines.length - before).toBe(statuses.filter((status) => status === 204).length);
});
