import { type CallDelivery, deliveryFromText, deliveryToText } from '@ringside/core';
import type { Receipt } from '../../ingest/receipt.ts';

/**
 * A batch on its way to the storage thread: a flat list of texts and numbers, which costs a tenth of cloning the
 * receipts themselves.
 */
export type PackedBatch = readonly (string | number | null)[];

/** Members of each receipt. */
const WIDTH = 7;

export function packBatch(receipts: readonly Receipt[]): PackedBatch {
  const packed: (string | number | null)[] = [];
  for (const receipt of receipts) {
    const { kind, workspace, receivedAt } = receipt;
    if (kind === 'delivery') {
      packed.push(kind, workspace, receivedAt, receipt.campaignId, deliveryToText(receipt.delivery), null, null);
    } else {
      const { query, body, meaning } = receipt;
      const said = meaning.kind === 'call' ? deliveryToText(meaning.delivery) : null;
      const where = meaning.kind === 'call' ? meaning.campaignId : meaning.why;
      packed.push(meaning.kind, workspace, receivedAt, where, said, query, body);
    }
  }
  return packed;
}

/** @returns the receipts, and for each the text of its delivery, which is how it will be stored */
export function unpackBatch(packed: PackedBatch): { receipts: Receipt[]; texts: (string | null)[] } {
  const receipts: Receipt[] = [];
  const texts: (string | null)[] = [];
  for (let at = 0; at < packed.length; at += WIDTH) {
    receipts.push(unpack(packed, at));
    texts.push(packed[at + 4] as string | null);
  }
  return { receipts, texts };
}

function unpack(packed: PackedBatch, at: number): Receipt {
  const text = (place: number): string => packed[at + place] as string;
  const origin = { workspace: text(1), receivedAt: packed[at + 2] as number };
  if (text(0) === 'delivery') {
    return { kind: 'delivery', ...origin, campaignId: text(3), delivery: deliveryFromText(text(4)) };
  }
  const told = { kind: 'plivo', ...origin, query: text(5), body: text(6) } as const;
  if (text(0) === 'aside') return { ...told, meaning: { kind: 'aside', why: text(3) } };
  const delivery = deliveryFromText(text(4)) as CallDelivery;
  return { ...told, meaning: { kind: 'call', campaignId: packed[at + 3] as string | null, delivery } };
}
