/** Peer B of callbacks: reads the body, looks at nothing. The floor of what node:http costs. */
import { listen, runPeer } from '../lib/peer.ts';

runPeer(async () => {
  const { url } = await listen((request, response) => {
    request.on('data', () => {});
    request.on('end', () => response.end('ok'));
  });
  return { url, settings: 'node:http' };
});
