/** Peer A of callbacks: what any receiver must do at least. It parses, checks the signature, and keeps nothing. */
import { parse } from 'node:querystring';
import { listen, runPeer } from '../lib/peer.ts';
import { makeV3Check } from './v3-check.ts';

runPeer(async ({ token }) => {
  const isSigned = makeV3Check(token);
  const { url } = await listen((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const form = parse(body, '&', '=', { maxKeys: 0 });
      response.statusCode = isSigned(request.url ?? '', form, request.headers) ? 200 : 403;
      response.setHeader('content-type', 'text/plain');
      response.end('ok');
    });
  });
  return { url, settings: 'node:http; node:querystring; one HMAC with a prepared key; timingSafeEqual' };
});
