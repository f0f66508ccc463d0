import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';

const FORWARDED = 'x-forwarded-for';
/** An address with the port it came from, as some proxies write it. */
const withPort = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/;

/**
 * Who asks, for requests that the HTTP framework does not see: the same rule as its own.
 * @param trustProxy the setting TRUST_PROXY
 */
export function clientAddresses(trustProxy: boolean | readonly string[]): (request: IncomingMessage) => string | null {
  if (trustProxy === false) return (request) => request.socket.remoteAddress ?? null;
  const isTrusted = trustProxy === true ? () => true : proxyAddr.compile([...trustProxy]);
  return (request) => {
    keepAddresses(request);
    return proxyAddr(request, isTrusted) ?? null;
  };
}

/**
 * Cuts the header of forwarded addresses behind its last entry that is no address. Each proxy appends the address it
 * saw; a text was written by the client itself, and so was everything before it.
 */
export function keepAddresses({ headers }: Pick<IncomingMessage, 'headers'>): void {
  const forwarded = headers[FORWARDED];
  if (forwarded === undefined) return;
  const entries = String(forwarded).split(',').map(addressIn);
  const believed = entries.slice(entries.lastIndexOf(null) + 1);
  if (believed.length > 0) headers[FORWARDED] = believed.join(', ');
  else delete headers[FORWARDED];
}

function addressIn(entry: string): string | null {
  const text = entry.trim();
  const [, version6, version4] = withPort.exec(text) ?? [];
  const address = version6 ?? version4 ?? text;
  // The zone of an address is free text.
  return isIP(address) > 0 && !address.includes('%') ? address : null;
}
