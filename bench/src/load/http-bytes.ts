import { PUBLIC_HOST } from './load.ts';

/** A whole HTTP/1.1 request, ready to be written to a socket. */
export function httpBytes(
  method: 'GET' | 'POST',
  target: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Buffer {
  const length = method === 'POST' ? { 'Content-Length': String(Buffer.byteLength(body)) } : {};
  const all = { Host: PUBLIC_HOST, Accept: '*/*', ...headers, ...length };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
