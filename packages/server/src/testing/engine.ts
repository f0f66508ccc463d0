import type { CallEventInput } from '@ringside/protocol';
import { callDelivery } from '../ingest/api-event.ts';
import type { Receipt } from '../ingest/receipt.ts';
import { plivoReceipt } from '../providers/plivo/plivo-receipt.ts';
import type { AuditNote } from '../store/access/records.ts';
import { Engine } from '../store/sqlite/engine.ts';

export const WORKSPACE = 'w';

export const TEST_SECRET_KEY = Buffer.alloc(32, 7);

/** The embedded store without its thread. */
export function openEngine(dataDir: string, unregisteredLimit = 1_000): Engine {
  return new Engine({ dataDir, plivoTimeZone: 'UTC', unregisteredLimit, secretKey: TEST_SECRET_KEY });
}

/** What the audit log is told of a change by a test. */
export function auditBy(actor: string, at: number): AuditNote {
  return { at, workspace: WORKSPACE, actor, address: null, action: 'test.changed', target: null };
}

/** A receipt of one API event. */
export function eventReceipt(event: CallEventInput, workspace = WORKSPACE): Receipt {
  const receivedAt = Date.parse(event.at);
  return {
    kind: 'delivery',
    workspace,
    receivedAt,
    campaignId: event.campaignId,
    delivery: callDelivery(event, receivedAt),
  };
}

/** A receipt of a Plivo callback, its signature checked long ago. */
export function callbackReceipt(receivedAt: number, query: string, body: string): Receipt {
  return plivoReceipt({ workspace: WORKSPACE, receivedAt, query, body, nonce: null }, 'UTC');
}
