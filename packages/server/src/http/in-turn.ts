import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Pipelined requests that may wait on one connection; one more ends it. No browser sends any. */
const MOST_WAITING = 100;

/**
 * Handles the requests of a connection one after another. Node hands over a pipelined request at once, while its
 * response waits for the connection. If the connection closes first, that response never closes, and what is held until
 * it does, such as an open file, is held for ever. A request that is not handled yet holds nothing.
 */
export function handleInTurn(app: FastifyInstance): void {
  const waiting = new WeakMap<Socket, number>();
  app.addHook('onRequest', ({ raw: { socket } }, { raw: response }, done) => {
    if (response.socket) return done();
    const count = (waiting.get(socket) ?? 0) + 1;
    waiting.set(socket, count);
    if (count > MOST_WAITING) return void socket.destroy();
    response.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
      // The response cannot be written to before this event is over.
      process.nextTick(() => {
        if (!socket.destroyed) done();
      });
    });
  });
}
