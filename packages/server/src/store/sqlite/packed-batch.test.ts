import { deliveryFromText } from '@ringside/core';
import { deliveries } from '@ringside/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../ingest/receipt.ts';
import type { SignedNonce } from '../../providers/plivo/callback.ts';
import { plivoReceipt } from '../../providers/plivo/plivo-receipt.ts';
import { auditBy } from '../../testing/engine.ts';
import { packBatch, unpackBatch } from './packed-batch.ts';

const hangup = (query: string, body: string, nonce: SignedNonce | null = null): Receipt =>
  plivoReceipt({ workspace: 'w', receivedAt: 1_754_575_200_000, query, body, nonce }, 'UTC');

const callbacks: readonly Receipt[] = [
  hangup(
    'campId=c-1&contactId=ann',
    'Event=Hangup&CallUUID=u-1&To=919876543210&Digits=1&TotalCost=0.01&CallStatus=busy',
  ),
  hangup('', 'Event=Hangup&CallUUID=u-2&RequestUUID=r-2', { key: 2 ** 52 - 1, content: 0 }),
  hangup('campId=c-1', 'Event=Hangup&Direction=inbound&CallUUID=u-3'),
];

describe('a batch that crosses to the storage thread', () => {
  it('arrives as it was, with the text of each delivery', () => {
    fc.assert(
      fc.property(deliveries, (list) => {
        const receipts: Receipt[] = list.map((delivery, index) => ({
          kind: 'delivery',
          workspace: `w-${index % 2}`,
          receivedAt: delivery.receivedAt,
          campaignId: `c-${index % 3}`,
          delivery,
          audit: index % 2 === 0 ? auditBy('key:1', index) : undefined,
        }));
        const sent = [...receipts, ...callbacks];
        const { receipts: got, texts } = unpackBatch(structuredClone(packBatch(sent)));
        expect(got).toStrictEqual(sent);
        expect(texts.map((text) => text && deliveryFromText(text))).toEqual(sent.map(deliveryOf));
      }),
      { numRuns: 100 },
    );
  });
});

function deliveryOf(receipt: Receipt) {
  if (receipt.kind === 'delivery') return receipt.delivery;
  return receipt.meaning.kind === 'call' ? receipt.meaning.delivery : null;
}
