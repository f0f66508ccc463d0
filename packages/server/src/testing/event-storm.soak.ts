import { expect, it } from 'vitest';
import { survivesStorm } from './event-storm-check.ts';
import { temporaryFolder } from './running-server.ts';

const EVENTS = Number(process.env.EVENTS ?? 1_000_000);

it('keeps sums by difference that equal those recomputed, over a million events', async () => {
  const folder = temporaryFolder();
  try {
    const begun = performance.now();
    const done = await survivesStorm(folder.path, { events: EVENTS, campaigns: 40, seed: 20250807 });
    console.log(`R4: ${done}; ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    expect(done).toContain('live equals recomputed');
  } finally {
    folder.remove();
  }
});
