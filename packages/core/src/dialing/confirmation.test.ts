import { describe, expect, it } from 'vitest';
import { mergeCampaign, unknownCampaign } from '../campaign.ts';
import type { AskedOrder, CampaignDelivery, ConfirmationFacts } from '../event.ts';
import { confirmationOf } from './confirmation.ts';

const order: AskedOrder = {
  ...{ id: 'ord_1', actor: 'Asha', reason: null, until: null, hangUp: false, outcomes: null },
  ...{ askedAt: 100, answerBy: 200 },
};
const word = (
  at: number,
  state: ConfirmationFacts['state'],
  more: Partial<ConfirmationFacts> = {},
): CampaignDelivery => ({
  ...{ about: 'campaign', type: 'confirmation', source: 'api', receivedAt: at, at, hash: `${at}${state}` },
  confirmation: { command: 'pause', state, message: 'a message', order, ...more },
});
const change = (receivedAt: number, what: 'paused' | 'resumed', at = receivedAt): CampaignDelivery => ({
  ...{ about: 'campaign', type: 'change', source: 'api', receivedAt, at, hash: `${receivedAt}${what}` },
  ...{ change: what, reason: null, actor: null },
});
const said = (...deliveries: readonly CampaignDelivery[]) =>
  confirmationOf(deliveries.reduce(mergeCampaign, unknownCampaign));

describe('what is known of a command to an external dialer', () => {
  it('is what was said of it last, in whatever order it is heard', () => {
    expect(said(change(50, 'paused'))).toBe(null);
    expect(said(word(100, 'asked'))).toMatchObject({ state: 'asked', command: 'pause', at: 100 });
    expect(said(word(150, 'refused'), word(100, 'asked'))).toMatchObject({ state: 'refused', message: 'a message' });
  });

  it('is that it was obeyed, once the dialer tells of such a change itself, in time or not', () => {
    const confirmed = { state: 'confirmed', message: null, at: 90 };
    expect(said(word(100, 'asked'), change(120, 'paused', 90))).toMatchObject(confirmed);
    expect(said(word(200, 'unconfirmed'), change(150, 'paused', 90))).toMatchObject(confirmed);
  });

  it('knows what was said before it was asked from what was said since, whatever the clocks say', () => {
    const counted = { order: { ...order, saidBefore: 1 } };
    expect(said(change(500, 'paused'), word(600, 'asked', counted))).toMatchObject({ state: 'asked' });
    const since = [change(500, 'paused'), word(600, 'asked', counted), change(20, 'paused')];
    expect(said(...since)).toMatchObject({ state: 'confirmed' });
  });

  it('is not changed by what was heard before it was asked, by another change, or after a refusal', () => {
    expect(said(change(99, 'paused'), word(100, 'asked'))).toMatchObject({ state: 'asked' });
    expect(said(word(100, 'asked'), change(120, 'resumed'))).toMatchObject({ state: 'asked' });
    expect(said(word(150, 'refused'), change(160, 'paused'))).toMatchObject({ state: 'refused' });
  });
});
