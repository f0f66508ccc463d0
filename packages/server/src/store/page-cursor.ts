import { CAMPAIGN_ID } from '@ringside/protocol';

/** The place of a campaign in the list: when it was made, epoch milliseconds, and its id. */
export type CampaignPlace = readonly [createdAt: number, id: string];

/** Before all others of a list that begins with the newest. */
export const FIRST_PLACE: CampaignPlace = [Number.MAX_SAFE_INTEGER, ''];

/** Where the next page of campaigns begins, as an opaque text. */
export function encodeCursor(createdAt: number, id: string): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

/** @returns `null` for a text that {@link encodeCursor} did not make: no store need look at it */
export function decodeCursor(cursor: string): CampaignPlace | null {
  try {
    const [createdAt, id, ...more] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isPlace = Number.isSafeInteger(createdAt) && createdAt >= 0 && typeof id === 'string' && CAMPAIGN_ID.test(id);
    return isPlace && more.length === 0 ? [createdAt, id] : null;
  } catch {
    return null;
  }
}
