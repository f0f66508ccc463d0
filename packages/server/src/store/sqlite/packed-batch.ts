import { type CallDelivery, deliveryFromText, deliveryToText } from '@ringside/core';
import type { Receipt } from '../../ingest/receipt.ts';
import type { SignedNonce } from '../../providers/plivo/callback.ts';
import type { AuditNote } from '../access/records.ts';

/**
 * A batch on its way to the storage thread: a flat list of texts and numbers, which costs a tenth of cloning the
 * receipts themselves.
 */
export type PackedBatch = readonly (string | number | null)[];

/** Members of each receipt. */
const WIDTH = 8;

export function packBatch(receipts: readonly Receipt[]): PackedBatch {
  const packed: (string | number | null)[] = [];
  for (const receipt of receipts) {
    const { kind, workspace, receivedAt } = receipt;
    if (kind === 'delivery') {
      const { campaignId, delivery, audit, isLimited } = receipt;
      const note = audit ? JSON.stringify(audit) : null;
      packed.push(kind, workspace, receivedAt, campaignId, deliveryToText(delivery), note, isLimited ? 1 : 0, null);
    } else {
      const { query, body, meaning, nonce } = receipt;
      const said = meaning.kind === 'call' ? deliveryToText(meaning.delivery) : null;
      const where = meaning.kind === 'call' ? meaning.campaignId : meaning.why;
      packed.push(
        meaning.kind,
        workspace,
        receivedAt,
        where,
        said,
        query,
        body,
        nonce && `${nonce.key} ${nonce.content}`,
      );
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
    const audit = packed[at + 5] === null ? undefined : (JSON.parse(text(5)) as AuditNote);
    const limited = packed[at + 6] === 1 ? { isLimited: true } : {};
    return { kind: 'delivery', ...origin, campaignId: text(3), delivery: deliveryFromText(text(4)), audit, ...limited };
  }
  const nonce = packed[at + 7] === null ? null : nonceOf(text(7));
  const told = { kind: 'plivo', ...origin, query: text(5), body: text(6), nonce } as const;
  if (text(0) === 'aside') return { ...told, meaning: { kind: 'aside', why: text(3) } };
  const delivery = deliveryFromText(text(4)) as CallDelivery;
  return { ...told, meaning: { kind: 'call', campaignId: packed[at + 3] as string | null, delivery } };
}

function nonceOf(text: string): SignedNonce {
  const [key, content] = text.split(' ', 2).map(Number);
  return { key: key ?? 0, content: content ?? 0 };
}
