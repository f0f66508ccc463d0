import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/**
 * Who asks, for requests that the HTTP framework does not see: the same rule as its own.
 * @param trustProxy the setting TRUST_PROXY
 */
export function clientAddresses(trustProxy: boolean | readonly string[]): (request: IncomingMessage) => string | null {
  if (trustProxy === false) return (request) => request.socket.remoteAddress ?? null;
  const isTrusted = trustProxy === true ? () => true : proxyAddr.compile([...trustProxy]);
  return (request) => proxyAddr(request, isTrusted) ?? null;
}
