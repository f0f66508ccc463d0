import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClient } from './http.ts';

const patience = { connectMs: 1_000, readMs: 1_000 };
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(handler: http.RequestListener): Promise<{ url: string; client: HttpClient; close: () => void }> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createHttpClient(1);
  const close = () => {
    client.close();
    server.close();
    server.closeAllConnections();
  };
  closing.push(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, client, close };
}

const get = (url: string) => ({ method: 'GET', url, headers: {}, body: '' }) as const;

describe('an HTTP exchange', () => {
  it('keeps its connection for the next', async () => {
    const ports = new Set<number | undefined>();
    const { url, client } = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    for (let index = 0; index < 3; index += 1) {
      expect(await client.send(get(url), patience)).toEqual({ kind: 'answer', status: 200, body: 'ok' });
    }
    expect(ports.size).toBe(1);
  });

  it('tells a server that is not there from one that does not answer', async () => {
    const { url, client } = await serve(() => undefined);
    const silent = await client.send(get(url), { connectMs: 1_000, readMs: 20 });
    expect(silent).toEqual({ kind: 'rt', message: 'no answer in 20 ms' });
    const gone = await serve(() => undefined);
    gone.close();
    expect(await client.send(get(gone.url), patience)).toMatchObject({ kind: 'ct' });
  });

  it('does not suffer from an idle connection that the server closed meanwhile', async () => {
    const served = new Map<number | undefined, number>();
    const { url, client } = await serve((request, response) => {
      const { socket } = request;
      const times = (served.get(socket.remotePort) ?? 0) + 1;
      served.set(socket.remotePort, times);
      if (times === 1) response.end('ok');
      else socket.destroy();
    });
    expect(await client.send(get(url), patience)).toMatchObject({ kind: 'answer' });
    expect(await client.send(get(url), patience)).toMatchObject({ kind: 'answer' });
    expect(served.size).toBe(2);
  });

  it('counts a new connection that is cut as no answer', async () => {
    const { url, client } = await serve((request) => request.socket.destroy());
    expect(await client.send(get(url), patience)).toMatchObject({ kind: 'rt' });
  });
});
