import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that listens on this machine only. */
export interface LocalServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** @param port 0 takes a free one */
export async function listenLocally(port: number, handle: http.RequestListener): Promise<LocalServer> {
  const server = http.createServer({ keepAliveTimeout: 60_000 }, handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @returns the body as text, or `null` if it is longer than `most` bytes or breaks off */
export async function readBody(incoming: http.IncomingMessage, most: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // The rest is read all the same: who is cut off while sending never sees the answer.
      if (bytes <= most) chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return bytes > most ? null : Buffer.concat(chunks).toString('utf8');
}

/** Path and query of a request line; what is no path at all is nobody's. */
export function targetOf(target: string): Pick<URL, 'pathname' | 'searchParams'> {
  const text = `http://sandbox${target}`;
  return new URL(target.startsWith('/') && URL.canParse(text) ? text : 'http://sandbox/');
}
