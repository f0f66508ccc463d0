import { expect, it } from 'vitest';
import type { Tables } from './apply.ts';
import { CampaignSearch } from './campaign-search.ts';

/** A workspace with so many campaigns, of which the given one knows the call. */
function searchOver(count: number, knowing: number) {
  const asked: string[] = [];
  const all = Array.from({ length: count }, (_, index) => ({
    ...{ key: `k${index}`, campaignId: `c${index}`, state: { lastAt: index } },
  }));
  const tables = {
    campaigns: { ofWorkspace: () => [...all], newestOf: () => [...all] },
    rows: {
      byAlias: (key: string) => {
        asked.push(key);
        return key === `k${knowing}` ? {} : null;
      },
    },
  } as unknown as Tables;
  const search = new CampaignSearch(tables);
  const find = (receivedAt = 0) => {
    search.begin();
    return search.find(new Map(), { workspace: 'w', receivedAt }, ['call']);
  };
  return { find, asked };
}

it('finds the campaign that knows the call, those heard of last first', () => {
  const { find, asked } = searchOver(100, 97);
  expect(find()).toBe('c97');
  expect(asked).toEqual(['k99', 'k98', 'k97']);
});

it('never looks longer than a workspace’s share, however many campaigns and callbacks it has', () => {
  const { find, asked } = searchOver(5_000, -1);
  for (let callback = 0; callback < 2_000; callback += 1) expect(find()).toBeNull();
  expect(asked.length).toBe(100_000);
  expect(find(10)).toBeNull();
  expect(asked.length).toBeLessThan(101_300);
});
