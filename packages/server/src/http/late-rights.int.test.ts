import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../testing/running-server.ts';
import { makeKey } from '../testing/workspace.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** Sends the head of a request for a key; the body comes when it is asked for. @returns what is answered then */
function slowly(key: string, made: object): { finish: () => Promise<string> } {
  const { hostname, port, host } = new URL(server.url);
  const body = JSON.stringify(made);
  const socket = connect(Number(port), hostname);
  const answered = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
  const head = ['POST /v1/keys HTTP/1.1', `Host: ${host}`, `Authorization: Bearer ${key}`];
  socket.write(`${head.join('\r\n')}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`);
  const finish = (): Promise<string> => {
    socket.write(body);
    return answered.finally(() => socket.destroy());
  };
  return { finish };
}

describe('a request whose body comes late', () => {
  it('is refused when the key was revoked meanwhile: it could make itself another', async () => {
    const { id, key } = await makeKey(server);
    const request = slowly(key, { name: 'Another', role: 'admin' });
    await sleep(100);
    await server.send('DELETE', `/v1/keys/${id}`, undefined);
    await sleep(700);
    expect(await request.finish()).toMatch(/^HTTP\/1.1 401 /);
  });

  it('is refused when the key may less meanwhile, and taken when nothing changed', async () => {
    const { id, key } = await makeKey(server);
    const [refused, taken] = [
      slowly(key, { name: 'A', role: 'admin' }),
      slowly((await makeKey(server)).key, { name: 'B', role: 'viewer' }),
    ];
    await sleep(100);
    await server.send('PATCH', `/v1/keys/${id}`, { role: 'viewer' });
    await sleep(700);
    expect(await refused.finish()).toMatch(/^HTTP\/1.1 403 /);
    expect(await taken.finish()).toMatch(/^HTTP\/1.1 201 /);
  });
});

describe('a key that was narrowed', () => {
  it('makes none in its own workspace that may more, though it looks after all of them', async () => {
    const { key } = await makeKey(server, { scopes: ['administer', 'host'] });
    const by = { authorization: `Bearer ${key}` };
    const make = async (more: object) =>
      (await server.send('POST', '/v1/keys', { name: 'More', role: 'admin', ...more }, by)).status;
    expect(await make({})).toBe(403);
    expect(await make({ scopes: ['administer', 'host'] })).toBe(201);
    await server.send('POST', '/v1/workspaces', { id: 'elsewhere' });
    expect(await make({ workspace: 'elsewhere' })).toBe(201);
  });
});
