import type { CallEventInput } from '@ringside/protocol';
import { readEvent } from '../ingest/read-event.ts';
import type { Receipt } from '../ingest/receipt.ts';
import { WORKSPACE } from './engine.ts';

/** When its first call was placed. */
export const HALF_HOUR_FROM = Date.UTC(2025, 7, 7, 14);

/** Thirty calls of one campaign over half an hour, some with a contact id, some answered. */
export function halfHourOf(campaignId: string): CallEventInput[] {
  return Array.from({ length: 30 }, (_, n): CallEventInput[] => {
    const about = {
      campaignId,
      callId: `call-${n}`,
      to: `+9198765432${10 + (n % 20)}`,
      ...(n % 3 === 0 ? { contactId: `person-${n % 20}` } : {}),
    };
    const at = (seconds: number): string => new Date(HALF_HOUR_FROM + n * 60_000 + seconds * 1000).toISOString();
    const answered = n % 2 === 0;
    return [
      { type: 'initiated', ...about, at: at(0) },
      ...(answered ? [{ type: 'answered', ...about, at: at(9) } as const] : []),
      { type: 'ended', ...about, at: at(40), status: answered ? 'completed' : 'busy', duration: answered ? 31 : 0 },
    ];
  }).flat();
}

/** A receipt of an event that was heard when it happened. */
export function heardAtOnce(event: CallEventInput, workspace = WORKSPACE): Receipt {
  const read = readEvent(event, Date.parse(event.at), 'api');
  if ('code' in read) throw new Error(read.message);
  return { kind: 'delivery', workspace, receivedAt: Date.parse(event.at), ...read };
}
