import { expect, it } from 'vitest';
import { survivesStorm } from './testing/event-storm-check.ts';
import { temporaryFolder } from './testing/running-server.ts';

it('keeps sums by difference that equal those recomputed, through everything that deliveries may do', {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder();
  try {
    const done = await survivesStorm(folder.path, { events: 6_000, campaigns: 3, seed: 7 });
    expect(done).toContain('calls in 3 campaigns: live equals recomputed');
  } finally {
    folder.remove();
  }
});
