import { expect, it } from 'vitest';
import { groupByAccount } from './group-by-account.ts';

const placed = (workspace: string, tokens: readonly string[], authId = 'MA1') => ({
  campaign: { workspace, campaignId: 'c', account: null },
  account: { id: `of-${workspace}`, workspace, authId, tokens, limits: null },
});
const shown = (all: readonly ReturnType<typeof placed>[], inUse?: string) => {
  const { groups, strange } = groupByAccount(all, () => inUse);
  const dialed = [...groups].map(([authId, { account, campaigns }]) => [
    ...[authId, account.tokens[0]],
    ...campaigns.map(({ workspace }) => workspace),
  ]);
  return { dialed, strange: strange.map(({ workspace }) => workspace) };
};

it('campaigns of several workspaces that have the same account share it', () => {
  const all = [placed('a', ['t']), placed('b', ['t']), placed('c', ['u'], 'MA2')];
  expect(shown(all)).toEqual({
    dialed: [
      ['MA1', 't', 'a', 'b'],
      ['MA2', 'u', 'c'],
    ],
    strange: [],
  });
});

it('nobody calls by the token of another workspace, or ends its dialing with one of their own', () => {
  const all = [placed('a', ['made-up']), placed('b', ['t'])];
  expect(shown(all, 't')).toEqual({ dialed: [['MA1', 't', 'b']], strange: ['a'] });
  expect(shown([...all].reverse())).toEqual({ dialed: [['MA1', 't', 'b']], strange: ['a'] });
});

it('goes over to a new token while an account has both', () => {
  expect(shown([placed('a', ['new', 'old']), placed('b', ['old'])], 'old')).toEqual({
    dialed: [['MA1', 'new', 'a', 'b']],
    strange: [],
  });
  expect(shown([placed('a', ['new'])], 'old')).toEqual({ dialed: [['MA1', 'new', 'a']], strange: [] });
});
