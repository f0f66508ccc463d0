/** Peer of polls: sends the same report, header for header and byte for byte, whatever is asked. */
import { listen, runPeer } from '../lib/peer.ts';

/** Fastify's, so that both announce the same `keep-alive` header. */
const KEEP_ALIVE_MS = 72_000;

runPeer(async ({ answer }) => {
  if (!answer) throw new Error('there is no answer to repeat');
  const body = Buffer.from(answer.body);
  const { server, url } = await listen((_request, response) => {
    response.writeHead(200, answer.headers);
    response.end(body);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return { url, settings: 'node:http; writeHead and end with one prepared Buffer' };
});
