import { expect, it } from 'vitest';
import { StoreFault } from '../store/store.ts';
import { OverviewService } from './overview.ts';

it('reads again what could not be read when it had changed', async () => {
  const asked: unknown[] = [];
  let isAway = false;
  const overviews = new OverviewService(
    {
      summaries: async (_workspace, which) => {
        asked.push(which);
        if (isAway) throw new StoreFault('away');
        return [];
      },
    },
    () => 0,
  );
  await overviews.read('w');
  overviews.touch([{ workspace: 'w', campaignId: 'c', version: 2 }]);
  isAway = true;
  await expect(overviews.read('w')).rejects.toThrow('away');
  isAway = false;
  await overviews.read('w');
  await overviews.read('w');
  expect(asked.slice(1)).toEqual([{ ids: ['c'] }, { ids: ['c'] }]);
});
