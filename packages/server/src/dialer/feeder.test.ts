import { expect, it } from 'vitest';
import type { Fence } from '../store/among-nodes.ts';
import type { AccountParts } from './dialing-parts.ts';
import { Feeder } from './feeder.ts';
import { Line } from './line.ts';

const REF = { workspace: 'w', campaignId: 'c' };

it('takes nothing by the ownership that began while it looked: nobody would look after it', async () => {
  const owner = { isMine: true, fence: { name: 'dialer/MA1', token: 1 } };
  const fences: (Fence | null)[] = [];
  const dial = {
    queueFacts: async () => {
      owner.fence = { name: 'dialer/MA1', token: 2 };
      return { ready: 1, waiting: 1, nextDueAt: null };
    },
    take: async (_wish: unknown, fence: Fence | null) => {
      fences.push(fence);
      return { attempts: [], skipped: 0 };
    },
  };
  const effects = { now: () => 0, monotonic: () => 0 };
  const parts = { store: { dial }, owner, authId: 'MA1', effects } as unknown as AccountParts;
  const line = new Line(REF);
  const campaign = { windows: null, timezone: null };
  line.view = {
    ...{ isOpen: true, isOver: false, deadline: null, campaign, plan: { callerIds: ['+15005550001'] } },
    list: { contacts: 1, zones: { '': 1 }, excluded: {} },
  } as unknown as NonNullable<Line['view']>;
  await new Feeder(parts).take(line, 1);
  expect(fences).toMatchObject([{ token: 1 }]);
});
