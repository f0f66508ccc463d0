/** A PostgreSQL for nodes of Ringside. Asked anything, it tells the processor seconds that it has used. */
import { runPeer } from '../lib/peer.ts';
import { startPostgres } from './postgres.ts';

runPeer(async () => {
  const { url, settings, cpuSeconds, stop } = await startPostgres();
  return { url, settings, answer: async () => cpuSeconds(), stop };
});
