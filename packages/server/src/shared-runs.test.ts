import { expect, it } from 'vitest';
import { SharedRuns } from './shared-runs.ts';

it('callers share a run that begins after they asked, and never two run at once', async () => {
  let stored = 0;
  let running = 0;
  let runs = 0;
  const shared = new SharedRuns(async () => {
    runs += 1;
    running += 1;
    expect(running).toBe(1);
    const read = stored;
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return read;
  });
  const first = shared.run();
  await Promise.resolve().then(() => {});
  stored = 1;
  const later = [shared.run(), shared.run(), shared.run()];
  expect(await first).toBe(0);
  expect(await Promise.all(later)).toEqual([1, 1, 1]);
  expect(runs).toBe(2);
});

it('a run that fails fails for its callers alone', async () => {
  let isAway = true;
  const shared = new SharedRuns(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve('read')));
  await expect(shared.run()).rejects.toThrow('away');
  isAway = false;
  expect(await shared.run()).toBe('read');
});
