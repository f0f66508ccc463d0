import { expect, it } from 'vitest';
import type { SecretBox } from '../access/secret-box.ts';
import type { StoredAccount } from '../store/access/records.ts';
import { DEFAULT_WORKSPACE, SIMULATION_WORKSPACE } from '../store/limits.ts';
import { Accounts } from './accounts.ts';

const stored = (workspace: string): StoredAccount => ({
  ...{ id: `acc_${workspace}`, workspace, provider: 'plivo', authId: 'MA1', name: 'One', limits: null, createdAt: 0 },
  tokens: [{ sealed: 'token', hint: '…', addedAt: 0 }],
});
const box = { open: () => 'token' } as unknown as SecretBox;
const configured = { id: 'configured', workspace: DEFAULT_WORKSPACE, authId: 'MA2', tokens: ['t'], limits: null };

it('a simulation has no account, whatever is stored and configured', async () => {
  const store = { accounts: async () => [stored('acme'), stored(SIMULATION_WORKSPACE)] };
  const accounts = new Accounts(store, box, configured, { error: () => {} });
  await accounts.load();
  expect(accounts.of('acme')).toHaveLength(1);
  expect(accounts.of(SIMULATION_WORKSPACE)).toEqual([]);
  const claim = { workspace: SIMULATION_WORKSPACE, usual: DEFAULT_WORKSPACE };
  for (const authId of ['MA1', 'MA2', null]) expect(accounts.candidates({ ...claim, authId })).toEqual([]);
});
