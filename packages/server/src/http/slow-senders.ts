import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Node gives every request the same time to arrive. A large list needs more, and minds itself how fast it comes; for its
 * connection, while it lasts, that time does not count.
 */
export class SlowSenders {
  readonly #sockets = new WeakSet<Socket>();

  constructor(app: FastifyInstance) {
    const { server } = app;
    const usual = server.listeners('clientError') as ((error: NodeJS.ErrnoException, socket: Socket) => void)[];
    server.removeAllListeners('clientError');
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && this.#sockets.has(socket)) return;
      for (const handle of usual) handle.call(server, error, socket);
    });
  }

  /** @returns what ends it */
  allow(socket: Socket): () => void {
    this.#sockets.add(socket);
    return () => this.#sockets.delete(socket);
  }
}
