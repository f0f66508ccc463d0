import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogin, JWT_SECRET } from '../testing/abuse-check.ts';
import { openLink, type Send } from '../testing/owned.ts';
import { bytesOf, RawConnection } from '../testing/raw-connection.ts';
import { KEY, temporaryFolder } from '../testing/running-server.ts';
import { type ServerProcess, startProcess } from '../testing/server-process.ts';

/** A server in a process of its own: what is thrown outside a handler ends it, and every test after it fails. */
let server: ServerProcess;
const folder = temporaryFolder();
beforeAll(async () => {
  server = await startProcess(folder.path, { JWT_SECRET });
  await send('POST', '/v1/campaigns', { id: 'c-1', name: 'Watched' });
});
afterAll(async () => {
  server.child.kill('SIGKILL');
  await server.ended;
  folder.remove();
});

const admin = { authorization: `Bearer ${KEY}` };
const LIVE = '/v1/campaigns/c-1/live';
const get = (path: string, headers: Record<string, string> = admin) => fetch(server.url + path, { headers });
const send: Send = (method, path, body) => {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(server.url + path, { method, headers: { ...admin, 'content-type': 'application/json' }, ...text });
};

let calls = 0;
/** Changes the campaign, so that everybody who follows it is sent something. */
async function change(): Promise<void> {
  calls += 1;
  const event = { type: 'initiated', campaignId: 'c-1', callId: `call-${calls}`, at: new Date().toISOString() };
  expect((await send('POST', '/v1/events', { events: [event] })).status).toBe(200);
}

/** The bytes of so many requests, one behind the other. */
const requests = (path: string, count: number, headers: Record<string, string> = admin): Buffer =>
  Buffer.concat(Array<Buffer>(count).fill(bytesOf({ method: 'GET', path, headers, body: Buffer.alloc(0) })));

async function viewers(): Promise<number> {
  const text = await (await get('/metrics')).text();
  return Number(/^ringside_live_viewers\{transport="sse"\} (\d+)$/m.exec(text)?.[1]);
}

beforeEach(() => expect.poll(viewers, { timeout: 10_000 }).toBe(0));

async function createKey(): Promise<{ id: string; headers: Record<string, string> }> {
  const { id, key } = (await (await send('POST', '/v1/keys', { name: 'One', role: 'viewer' })).json()) as {
    id: string;
    key: string;
  };
  return { id, headers: { authorization: `Bearer ${key}` } };
}

describe('an event stream', () => {
  it.each([-1, -10, -25])('of a login that ran out %i s ago, within its leeway, is served', async (secondsLeft) => {
    const viewer = new RawConnection(server.url);
    viewer.socket.write(requests(LIVE, 1, createLogin('viewer', secondsLeft)));
    await viewer.until('event: snapshot');
    await change();
    await viewer.until('event: patch');
    viewer.socket.destroy();
  });

  it('of a key that is revoked ends, and nothing is written to it any more', async () => {
    const { id, headers } = await createKey();
    const viewer = new RawConnection(server.url);
    viewer.socket.write(requests(LIVE, 1, { ...headers, connection: 'close' }));
    await viewer.until('event: snapshot');
    await Promise.all([change(), send('DELETE', `/v1/keys/${id}`, undefined), change()]);
    await viewer.closed;
    await change();
    expect((await get(LIVE, headers)).status).toBe(401);
  });

  it('behind somebody else’s is not written to when its key is revoked', async () => {
    const { id, headers } = await createKey();
    const viewer = new RawConnection(server.url);
    viewer.socket.write(Buffer.concat([requests(LIVE, 1), requests(LIVE, 5, headers)]));
    await viewer.until('event: snapshot');
    await send('DELETE', `/v1/keys/${id}`, undefined);
    for (let n = 0; n < 5; n += 1) await change();
    expect(await viewers()).toBe(1);
    viewer.socket.destroy();
  });

  it('of a share link, behind 319 others, is counted for as long as its connection lasts', async () => {
    const { path, cookie } = await openLink(server.url, send, 'c-1');
    const viewer = new RawConnection(server.url);
    viewer.socket.write(requests(path + LIVE, 90, { cookie }));
    await viewer.until('event: snapshot');
    expect(await viewers()).toBe(1);
    viewer.socket.destroy();
    await expect.poll(viewers).toBe(0);
    const flood = new RawConnection(server.url);
    flood.socket.write(requests(path + LIVE, 320, { cookie }));
    await flood.closed;
    await expect.poll(viewers).toBe(0);
    await change();
  });
});

it('files behind a stream are not begun, and take nothing from the workspace when the connection closes', async () => {
  const viewer = new RawConnection(server.url);
  viewer.socket.write(Buffer.concat([requests(LIVE, 1), requests('/v1/campaigns/c-1/calls.csv', 8)]));
  await viewer.until('event: snapshot');
  viewer.socket.destroy();
  await expect.poll(viewers).toBe(0);
  expect((await get('/v1/campaigns/c-1/calls.csv')).status).toBe(200);
});

it('a file that a client leaves before it is admitted takes nothing from the workspace', async () => {
  for (let n = 0; n < 20; n += 1) {
    const { headers } = await createKey();
    const reader = new RawConnection(server.url);
    reader.socket.write(requests('/v1/campaigns/c-1/calls.csv', 1, headers));
    reader.socket.once('connect', () => reader.socket.destroy());
    await reader.closed;
  }
  await expect.poll(async () => (await get('/v1/campaigns/c-1/calls.csv')).status).toBe(200);
});

if (process.platform === 'linux')
  it('no file stays open for a response that never came', async () => {
    const openFiles = (): number => readdirSync(`/proc/${server.child.pid}/fd`).length;
    const page = await (await get('/')).text();
    const asset = /assets\/[^"]+\.js/.exec(page)?.[0];
    const before = openFiles();
    const viewer = new RawConnection(server.url);
    viewer.socket.write(Buffer.concat([requests(LIVE, 1), requests(`/${asset ?? ''}`, 90)]));
    await viewer.until('event: snapshot');
    viewer.socket.destroy();
    await expect.poll(openFiles).toBeLessThan(before + 10);
  });

it('a server that stops ends its streams while events still come', async () => {
  const streams = Array.from({ length: 5 }, () => {
    const viewer = new RawConnection(server.url);
    viewer.socket.write(requests(LIVE, 1));
    return viewer;
  });
  await Promise.all(streams.map((viewer) => viewer.until('event: snapshot')));
  for (const { socket } of streams) socket.pause();
  const coming = Array.from({ length: 20 }, () => change().catch(() => {}));
  server.child.kill('SIGTERM');
  await Promise.all(coming);
  expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
});
