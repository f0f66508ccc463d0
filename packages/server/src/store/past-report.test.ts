import { type BaseRollup, deliveryToText, MemoryCampaign } from '@ringside/core';
import { expect, it } from 'vitest';
import { eventReceipt } from '../testing/engine.ts';
import { reportAsOf } from './past-report.ts';

const T0 = Date.UTC(2025, 7, 7, 14);

function ended(callId: string) {
  const receipt = eventReceipt({
    ...{ type: 'ended', campaignId: 'c', callId, at: new Date(T0).toISOString(), status: 'completed', duration: 9 },
  });
  if (receipt.kind !== 'delivery') throw new Error('a delivery');
  return receipt.delivery;
}

it('counts each call once, also when records are deleted while it reads', async () => {
  const { rollup } = deletedCampaign();
  const deleted: BaseRollup = { deletedBefore: T0, firstAt: T0, lastAt: T0, rollup };
  let base: BaseRollup | null = null;
  const source = {
    base: () => base,
    eventCount: () => 2,
    // "a" goes between the look at the base and this one.
    events: () => {
      base = deleted;
      return [{ seq: 2, delivery: deliveryToText(ended('b')) }];
    },
  };
  const report = await reportAsOf(source, { workspace: 'w', campaignId: 'c', at: T0 + 60_000, recent: 0 });
  expect(report && 'progress' in report && report.progress.attempts).toBe(2);
});

it('folds no campaign that has more deliveries, or longer ones, than memory is meant for', async () => {
  const texts = ['a', 'b', 'c'].map((id) => deliveryToText(ended(id)));
  let pages = 0;
  const source = {
    base: () => null,
    eventCount: (_campaign: string, most: number) => Math.min(most, texts.length),
    events: () => {
      pages += 1;
      return texts.map((delivery, seq) => ({ seq, delivery }));
    },
  };
  const asked = { workspace: 'w', campaignId: 'c', at: T0 + 60_000, recent: 0 };
  const bytes = texts.join('').length;
  expect(await reportAsOf(source, asked, { deliveries: 2, bytes })).toEqual({ mostDeliveries: 2 });
  expect(pages).toBe(0);
  expect(await reportAsOf(source, asked, { deliveries: 3, bytes: bytes - 1 })).toEqual({ mostDeliveries: 3 });
  expect(await reportAsOf(source, asked, { deliveries: 3, bytes })).toMatchObject({ progress: { attempts: 3 } });
});

/** What the deleted call came to. */
function deletedCampaign(): MemoryCampaign {
  const campaign = new MemoryCampaign();
  campaign.apply([ended('a')]);
  return campaign;
}
