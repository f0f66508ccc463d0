import { expect, it } from 'vitest';
import { dialingWorld, sandbox } from './dialing-world.ts';
import { temporaryFolder } from './running-server.ts';

const SECONDS = Number(process.env.SECONDS ?? 30);
const PACES = (process.env.PACES ?? '2,7.5,40').split(',').map(Number);

it.each(PACES)('sends %d requests a second, within 2 percent, by the clock of the provider', async (perSecond) => {
  const folder = temporaryFolder();
  const api = await sandbox();
  const world = await dialingWorld({ api, folder: folder.path });
  try {
    const calls = Math.ceil(perSecond * SECONDS);
    await world.campaign(calls, { pace: { callsPerSecond: perSecond } });
    await expect.poll(() => api.posts.length, { timeout: 4_000 * SECONDS, interval: 500 }).toBe(calls);
    const [first, last] = [api.posts[0]?.at ?? 0, api.posts.at(-1)?.at ?? 0];
    const measured = ((calls - 1) * 1_000) / (last - first);
    const off = measured / perSecond - 1;
    console.log(
      `pace ${perSecond}/s: ${measured.toFixed(3)}/s over ${((last - first) / 1_000).toFixed(1)} s, ${(off * 100).toFixed(2)} %`,
    );
    expect(Math.abs(off)).toBeLessThan(0.02);
  } finally {
    await world.stop();
    await api.close();
    folder.remove();
  }
});
