import { type CampaignState, type Changes, type Found, fold, newCampaignState, type Wanted } from '@ringside/core';
import { expect, it } from 'vitest';
import { eventReceipt, WORKSPACE } from '../../testing/engine.ts';
import { nthCall, nthEnd } from '../../testing/many-calls.ts';
import { columnsOf, type StoredRow } from '../call-columns.ts';
import type { CampaignName } from './live-campaigns.ts';
import { LiveCampaigns } from './live-campaigns.ts';
import { Reports } from './reports.ts';
import { Session } from './session.ts';

const name: CampaignName = { key: 'k', workspace: WORKSPACE, campaignId: 'c' };

function folded(state: CampaignState, n: number): Changes {
  const receipt = eventReceipt(nthEnd('c', n));
  if (receipt.kind !== 'delivery') throw new Error('an event is a delivery');
  const work: Generator<Wanted, Changes, Found> = fold(state, [receipt.delivery]);
  for (let step = work.next(); ; step = work.next({ calls: [], numbers: new Map(), contacts: [] })) {
    if (step.done) return step.value;
  }
}

function storedRows({ calls }: Changes): StoredRow[] {
  return calls.map((row) => ({ call_row: row.row, contact_key: row.contact, ...columnsOf(row, null) }));
}

it('shows under a revision the calls of that revision, whoever commits meanwhile', async () => {
  const first = folded(newCampaignState, 0);
  const second = folded(first.state, 1);
  const stored = [...storedRows(second), ...storedRows(first)];
  let isCommitted = false;
  const session = new Session({
    query: (async ({ name: statement }: { name: string }) => {
      if (statement !== 'calls-newest') return { rows: [], command: 'SELECT' };
      const rows = isCommitted ? stored : stored.slice(1);
      if (!isCommitted) commit(second);
      isCommitted = true;
      return { rows, command: 'SELECT' };
    }) as never,
  });
  const campaigns = new LiveCampaigns(session);
  const commit = (changes: Changes): void => {
    const from = changes === first ? 0 : first.state.version;
    const { state, delta } = changes;
    campaigns.commit({ name, from, createdAt: 0, recordVersion: 0, state, delta, changes }, 0);
  };
  commit(first);
  const live = campaigns.peek('k');
  if (!live) throw new Error('it was committed');
  const { report, version } = await new Reports(session, 'e').report(live, 10, Date.UTC(2026, 0, 1));
  expect(version).toBe(second.state.version);
  expect(report.recentActivity.map(({ callUUID }) => callUUID).sort()).toEqual([nthCall(0), nthCall(1)]);
});
