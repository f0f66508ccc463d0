import type { IncomingMessage } from 'node:http';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { clientAddresses, keepAddresses } from './client-address.ts';

const request = (remoteAddress: string, forwarded?: string): IncomingMessage =>
  ({ socket: { remoteAddress }, headers: forwarded ? { 'x-forwarded-for': forwarded } : {} }) as never;

const cases = [
  ['nobody is trusted', false, '10.0.0.1', '203.0.113.7', '10.0.0.1'],
  ['the proxy is trusted', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['two proxies, one trusted', ['10.0.0.1'], '10.0.0.1', '203.0.113.7, 192.0.2.9', '192.0.2.9'],
  ['another machine claims to be a proxy', ['10.0.0.1'], '198.51.100.4', '203.0.113.7', '198.51.100.4'],
  ['everybody is trusted', true, '10.0.0.1', '203.0.113.7, 192.0.2.9', '203.0.113.7'],
  ['nothing was forwarded', true, '10.0.0.1', undefined, '10.0.0.1'],
  ['a text was forwarded', true, '10.0.0.1', 'a person we know', '10.0.0.1'],
  ['the trusted proxy passes a text on', ['10.0.0.1'], '10.0.0.1', '=1+1', '10.0.0.1'],
  ['a client wrote before its address', true, '10.0.0.1', '192.0.2.1, text, 203.0.113.7', '203.0.113.7'],
  ['the last entry is a text', true, '10.0.0.1', '203.0.113.7, text', '10.0.0.1'],
  ['an entry is blank', true, '10.0.0.1', '203.0.113.7, ,', '10.0.0.1'],
  ['a number is not an address', true, '10.0.0.1', '2130706433', '10.0.0.1'],
  ['the zone of an address is text', true, '10.0.0.1', 'fe80::1%root', '10.0.0.1'],
  ['the proxy names the port', true, '10.0.0.1', '203.0.113.7:51000', '203.0.113.7'],
  ['an address of version 6', true, '10.0.0.1', '2001:db8::7', '2001:db8::7'],
  ['a port behind version 6', true, '10.0.0.1', '[2001:db8::7]:51000', '2001:db8::7'],
] as const;

it.each(cases)('is right when %s', (_case, trust, remote, forwarded, expected) => {
  expect(clientAddresses(trust)(request(remote, forwarded))).toBe(expected);
});

it.each(cases)(
  'is the same for the HTTP framework when %s',
  async (_case, trust, remoteAddress, forwarded, expected) => {
    const app = fastify({ trustProxy: typeof trust === 'boolean' ? trust : [...trust] });
    app.addHook('onRequest', async ({ raw }) => keepAddresses(raw));
    app.get('/', async ({ ip }) => ip);
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    expect((await app.inject({ url: '/', remoteAddress, headers })).body).toBe(expected);
  },
);
