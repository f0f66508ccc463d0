import { emptyRollup, newCampaignState, report } from '@ringside/core';
import { expect, it } from 'vitest';
import { StoreFault, type SummaryRow } from '../store/store.ts';
import { OverviewService } from './overview.ts';

function summaryOf(campaignId: string): SummaryRow['summary'] {
  const state = { ...newCampaignState, version: 1 };
  const input = { campaignId, state, rollup: emptyRollup(), recentCalls: [], epoch: 'e', forecast: null };
  return report(input, { at: 0, revision: 'e.1.idle' });
}

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

it('shows a campaign that is committed while everything is read for the first time', async () => {
  const row = (id: string) => ({ id, createdAt: 0, summary: summaryOf(id), answered: 0, ended: 0 });
  const answers: (() => void)[] = [];
  const overviews = new OverviewService(
    {
      summaries: (_workspace, which) =>
        'ids' in which
          ? Promise.resolve(which.ids.map(row))
          : new Promise((resolve) => {
              answers.push(() => resolve([]));
            }),
    },
    () => 0,
  );
  const reads = [overviews.read('w'), overviews.read('w')];
  await new Promise((resolve) => setImmediate(resolve));
  overviews.touch([{ workspace: 'w', campaignId: 'c', version: 1 }]);
  for (const answer of answers) answer();
  for (const overview of await Promise.all(reads)) expect(Object.keys(overview.campaigns)).toEqual(['c']);
});
