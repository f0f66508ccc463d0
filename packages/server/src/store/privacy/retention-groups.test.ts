import { MemoryCampaign } from '@ringside/core';
import type { CallEventInput } from '@ringside/protocol';
import { expect, it } from 'vitest';
import { eventReceipt } from '../../testing/engine.ts';
import { type CampaignRows, driveWork } from './campaign-work.ts';
import { groupsOf } from './retention-groups.ts';

const at = '2025-08-07T14:00:00Z';
const end = (callId: string, to: string, contactId?: string): CallEventInput => ({
  ...{ type: 'ended', campaignId: 'c', callId, at, to, status: 'completed', duration: 9 },
  ...(contactId && { contactId }),
});

/** The groups of all calls, by their rows; those in brackets are too large. */
function groupsAmong(events: readonly CallEventInput[], most?: number): string[] {
  const campaign = new MemoryCampaign();
  for (const event of events) {
    const receipt = eventReceipt(event);
    if (receipt.kind === 'delivery') campaign.apply([receipt.delivery]);
  }
  const rows = { read: campaign.read, unplacedOf: () => [] } as Pick<
    CampaignRows,
    'read' | 'unplacedOf'
  > as CampaignRows;
  const groups = driveWork(groupsOf([...campaign.calls.values()], null, most), rows);
  return groups.map(({ calls, isWhole }) => {
    const names = [...calls.keys()].sort().join(' ');
    return isWhole ? names : `(${names})`;
  });
}

const events: readonly CallEventInput[] = [
  end('a1', '+14155550101'),
  end('b1', '+14155550102', 'ann'),
  end('a2', '+14155550101'),
  end('b2', '+14155550103', 'ann'),
  end('c1', '+14155550104'),
  end('b3', '+14155550103'),
  // It was never placed, so no contact tells of it.
  { type: 'note', campaignId: 'c', callId: 'c2', at, to: '+14155550104' },
];

it('are found together, and told apart by what ties their calls', () => {
  expect(groupsAmong(events)).toEqual(['a1 a2', 'b1 b2 b3', 'c1 c2']);
});

it('that are too large stay, and keep no other group from being found', () => {
  expect(groupsAmong(events, 2)).toEqual(['a1 a2', '(b1 b2 b3)', 'c1 c2']);
});
