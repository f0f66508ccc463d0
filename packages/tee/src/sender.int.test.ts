import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { realEffects } from './effects.ts';
import { createSender } from './sender.ts';

/** What two sockets and the streams at their ends hold. */
const UNDER_WAY = 32 * 1024 * 1024;

let server: Server;
let sent: number;
beforeEach(async () => {
  sent = 0;
  const piece = Buffer.alloc(64 * 1024, 'x');
  server = createServer((_request, response) => {
    response.statusCode = 503;
    const more = (): void => {
      do sent += piece.length;
      while (!response.destroyed && response.write(piece));
      response.once('drain', more);
    };
    more();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('an answer without an end is read no further than Ringside’s are long', async () => {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const send = createSender({ endpoint, key: 'k', timeoutMs: 20_000 }, realEffects);
  expect(await send('{}', new AbortController().signal)).toMatchObject({ kind: 'later', scope: 'server' });
  expect(sent).toBeLessThan(UNDER_WAY);
});
