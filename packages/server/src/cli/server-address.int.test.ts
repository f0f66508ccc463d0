import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cli } from '../testing/cli.ts';
import { KEY, type TestServer, testServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const key = { RINGSIDE_ADMIN_KEY: KEY };
const portOf = (url: string): string => new URL(url).port;

/** Another program on a port of this machine. */
async function listening(other: Server): Promise<string> {
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  return String((other.address() as AddressInfo).port);
}

async function stranger(answer: string): Promise<{ port: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const other = createServer((request, response) => {
    requests.push(request);
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  });
  return { port: await listening(other), requests };
}

/** One command of each group that sends a key. */
const commands = ['share list', 'key list', 'account list', 'workspace list', 'audit', 'campaign start c-1 --yes'];

describe('the server that a command asks', () => {
  it.each(commands)('is asked first, without a key, when nobody named it: %s', async (line) => {
    const { port, requests } = await stranger('{"status":"ok"}');
    const { code, err } = await cli(line.split(' '), { ...key, PORT: port });
    expect({ code, err }).toEqual({
      code: 1,
      err: `ringside: http://127.0.0.1:${port} does not answer as Ringside does, so no key was sent: give --url or RINGSIDE_URL\n`,
    });
    expect(requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([['/healthz', undefined]]);
  });

  it('is not believed when it speaks no HTTP, and is missed when nobody listens', async () => {
    const port = await listening(createTcpServer((socket) => socket.end('220 mail ready\r\n')));
    expect((await cli(['key', 'list'], { ...key, PORT: port })).err).toContain('does not answer as Ringside does');
    const ended = createServer();
    const free = await listening(ended);
    await new Promise((resolve) => ended.close(resolve));
    expect(await cli(['key', 'list'], { ...key, PORT: free })).toMatchObject({
      code: 1,
      err: `ringside: no server answers at http://127.0.0.1:${free}: start it, or give --url or RINGSIDE_URL\n`,
    });
  });

  it('is the one of this machine when that is Ringside', async () => {
    expect(await cli(['key', 'list'], { ...key, PORT: portOf(server.url) })).toMatchObject({ code: 0, err: '' });
  });

  it('is that of --url, else of RINGSIDE_URL, and a given one is believed', async () => {
    const { port, requests } = await stranger('{"items":[]}');
    const RINGSIDE_URL = `http://127.0.0.1:${port}/`;
    expect(await cli(['key', 'list', '--json'], { ...key, RINGSIDE_URL })).toMatchObject({ code: 0, out: '[]\n' });
    expect(requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([['/v1/keys', `Bearer ${KEY}`]]);
    expect((await cli(['key', 'list', '--url', server.url], { ...key, RINGSIDE_URL })).code).toBe(0);
    expect(requests).toHaveLength(1);
    expect((await cli(['key', 'list'], { ...key, RINGSIDE_URL: '', PORT: portOf(server.url) })).code).toBe(0);
  });

  it.each([
    [['--url', 'calls.example.com'], {}, '--url'],
    [[], { RINGSIDE_URL: 'ftp://calls.example.com' }, 'RINGSIDE_URL'],
  ])('must be the URL of a server: %j %j', async (flags, env, name) => {
    const { err } = await cli(['key', 'list', ...flags], { ...key, ...env });
    expect(err).toBe(`ringside: ${name} must be the URL of a server, such as https://ringside.example.com\n`);
  });
});
