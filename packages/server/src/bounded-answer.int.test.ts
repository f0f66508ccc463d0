import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AnswerTooLong, boundedBytes, boundedFetch } from './bounded-answer.ts';
import { realEffects } from './effects.ts';
import { PlivoReads } from './providers/plivo/plivo-reads.ts';

const PIECE = Buffer.alloc(64 * 1024, 'x');
/** What two sockets and the streams at their ends hold. */
const UNDER_WAY = 32 * 1024 * 1024;

let server: Server;
let base: string;
let sent: number;
let closed: Promise<void>;
beforeEach(async () => {
  sent = 0;
  let onClose = (): void => {};
  closed = new Promise((resolve) => {
    onClose = resolve;
  });
  server = createServer((request, response) => {
    response.on('close', onClose);
    if (request.url === '/short') {
      response.end('short');
      return;
    }
    const more = (): void => {
      do sent += PIECE.length;
      while (!response.destroyed && response.write(PIECE));
      response.once('drain', more);
    };
    more();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('reads an answer to its end, and one without an end no further than it may be long', async () => {
  expect(String(await boundedBytes(await fetch(`${base}/short`), 5))).toBe('short');
  await expect(boundedBytes(await fetch(`${base}/short`), 4)).rejects.toThrow(AnswerTooLong);
  await expect(boundedBytes(await fetch(`${base}/endless`), 1024)).rejects.toThrow(AnswerTooLong);
  expect(sent).toBeLessThan(UNDER_WAY);
});

it('gives a library the whole of a short answer, and none of one without an end', async () => {
  const bounded = boundedFetch(1024);
  expect(await (await bounded(`${base}/short`, {})).text()).toBe('short');
  await expect(bounded(`${base}/endless`, {})).rejects.toThrow(AnswerTooLong);
  await closed;
});

it('the provider’s API is read no further than its answers are long', async () => {
  const reads = new PlivoReads({ apiUrl: base, authId: 'MA', authToken: 't' }, realEffects, { tries: 1 });
  const answer = await reads.get('Call/one/', new AbortController().signal);
  expect(answer).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('longer than') });
  await closed;
  expect(sent).toBeLessThan(UNDER_WAY);
});
