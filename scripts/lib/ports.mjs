/** Ports of this machine. */
import { createServer } from 'node:net';

/** @param wanted taken if it is free, else any other is */
export async function freePort(wanted = 0) {
  return (await probe(wanted)) ?? (await probe(0));
}

/** The port that was listened on, `null` when it is in use. */
function probe(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const { port: found } = server.address();
      server.close(() => resolve(found));
    });
  });
}
