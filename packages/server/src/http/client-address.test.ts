import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { clientAddresses } from './client-address.ts';

const request = (remoteAddress: string, forwarded?: string): IncomingMessage =>
  ({ socket: { remoteAddress }, headers: forwarded ? { 'x-forwarded-for': forwarded } : {} }) as never;

it.each([
  ['nobody is trusted', false, '10.0.0.1', '203.0.113.7', '10.0.0.1'],
  ['the proxy is trusted', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['two proxies, one trusted', ['10.0.0.1'], '10.0.0.1', '203.0.113.7, 192.0.2.9', '192.0.2.9'],
  ['another machine claims to be a proxy', ['10.0.0.1'], '198.51.100.4', '203.0.113.7', '198.51.100.4'],
  ['everybody is trusted', true, '10.0.0.1', '203.0.113.7, 192.0.2.9', '203.0.113.7'],
  ['nothing was forwarded', true, '10.0.0.1', undefined, '10.0.0.1'],
] as const)('is right when %s', (_case, trust, remote, forwarded, expected) => {
  expect(clientAddresses(trust)(request(remote, forwarded))).toBe(expected);
});
