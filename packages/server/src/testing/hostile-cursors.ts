import { expect } from 'vitest';
import type { TestServer } from './running-server.ts';

const opaque = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** Cursors that no list gave out. */
const hostile: readonly string[] = [
  ...[[1e300, 'x'], [1.5, 'x'], [-1, 'x'], [1, 'a\0b'], [1, 'x y'], ['1', 'x'], [1, 'x', 2], {}, 'x', null].map(opaque),
  ...['abc', 'A'.repeat(80), '-1', '1e5', '0x10', '%00', '9'.repeat(20), `${'9'.repeat(15)}7x`, "' OR 1=1 --"],
];

/** Every list that goes on at a cursor. */
const lists = [
  'campaigns',
  'campaigns/c/timeline',
  'campaigns/c/calls',
  'campaigns/c/contacts',
  'audit',
  'do-not-call',
];

/** Asks every list of a server where each of them lies; none of them reaches the store. @returns how many were asked */
export async function refusesHostileCursors(server: TestServer): Promise<number> {
  for (const list of lists) {
    for (const cursor of hostile) {
      const response = await server.get(`/v1/${list}?cursor=${encodeURIComponent(cursor)}`);
      const { code } = (await response.json()) as { code: string };
      expect([list, cursor, response.status, code]).toEqual([list, cursor, 400, 'validation-failed']);
    }
  }
  return lists.length * hostile.length;
}
