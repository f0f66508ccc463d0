import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** Below those that the system gives to outgoing connections: a server that is restarted finds its port free. */
const FIRST = 20_000;
const COUNT = 10_000;

/** A port of this machine on which nobody listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => {
      const isOurs = (probe.address() as AddressInfo).port === port;
      probe.close(() => resolve(isOurs));
    });
  });
}
