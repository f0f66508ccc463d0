import { rowsOf, type Steps, type Value } from '../access/steps.ts';
import type { CampaignRef } from '../among-nodes.ts';
import { campaignKey } from '../campaign-key.ts';
import type { ListedAs, ListRow } from './dial-store.ts';
import { suppressedAmong, type TokenOf } from './do-not-call.ts';
import { lockList } from './list.ts';
import { Parameters } from './parameters.ts';

/** Rows of one INSERT. SQLite takes 32,766 values in a statement. */
const AT_ONCE = 512;

/** The key of a row's contact: the same as in the fold. */
export function contactKeyOfRow({ contactId, number }: Pick<ListRow, 'contactId' | 'number'>): string {
  return contactId === null ? `number:${number}` : `id:${contactId}`;
}

/** Adds rows to the list, without those that are on it already or that nobody may call. */
export function* addToList(ref: CampaignRef, rows: readonly ListRow[], tokenOf: TokenOf): Steps<readonly ListedAs[]> {
  const key = campaignKey(ref.workspace, ref.campaignId);
  // Whoever erases a number waits for this lock too, so that it finds what is added here, or is seen below.
  const list = yield* lockList(key);
  if (!list) throw new Error('the campaign has no list to add to');
  const listed = yield* check(ref, rows, tokenOf);
  const added = rows.filter((_, at) => listed[at] === 'added');
  if (added.length === 0) return listed;
  yield* insert(key, list.lastPosition, added);
  const zones = { ...list.zones };
  for (const { zone } of added) zones[zone ?? ''] = (zones[zone ?? ''] ?? 0) + 1;
  yield* rowsOf(
    'UPDATE lists SET contacts = contacts + $2, zones = $3, last_position = last_position + $2 WHERE campaign_key = $1',
    ...[key, added.length, JSON.stringify(zones)],
  );
  return listed;
}

/** What would become of rows. */
export function* previewList(ref: CampaignRef, rows: readonly ListRow[], tokenOf: TokenOf): Steps<readonly ListedAs[]> {
  return yield* check(ref, rows, tokenOf);
}

function* check(
  { workspace, campaignId }: CampaignRef,
  rows: readonly ListRow[],
  tokenOf: TokenOf,
): Steps<readonly ListedAs[]> {
  if (rows.length === 0) return [];
  const key = campaignKey(workspace, campaignId);
  const numbers = rows.map(({ number }) => number);
  const suppressed = yield* suppressedAmong(workspace, numbers, tokenOf);
  const knownNumbers = yield* numbersOnList(key, numbers);
  const knownKeys = yield* keysOnList(key, rows.map(contactKeyOfRow));
  return rows.map((row) => {
    const contactKey = contactKeyOfRow(row);
    if (suppressed.has(row.number)) return 'do-not-call';
    if (knownNumbers.has(row.number)) return 'duplicate';
    if (knownKeys.has(contactKey)) return 'duplicate-id';
    knownNumbers.add(row.number);
    knownKeys.add(contactKey);
    return 'added';
  });
}

function* numbersOnList(key: string, numbers: readonly string[]): Steps<Set<string>> {
  const given = new Parameters(key);
  const list = given.list(numbers);
  const rows = yield* rowsOf<{ number: string }>(
    `SELECT number FROM list_contacts WHERE campaign_key = $1 AND number IN (${list})`,
    ...given.values,
  );
  return new Set(rows.map(({ number }) => number));
}

function* keysOnList(key: string, contactKeys: readonly string[]): Steps<Set<string>> {
  const given = new Parameters(key);
  const list = given.list(contactKeys);
  const rows = yield* rowsOf<{ contact_key: string }>(
    `SELECT contact_key FROM list_contacts WHERE campaign_key = $1 AND contact_key IN (${list})`,
    ...given.values,
  );
  return new Set(rows.map(({ contact_key: contactKey }) => contactKey));
}

function* insert(key: string, lastPosition: number, added: readonly ListRow[]): Steps<void> {
  for (let at = 0; at < added.length; at += AT_ONCE) {
    const given = new Parameters();
    const rows = given.rows(
      added.slice(at, at + AT_ONCE).map((row, n) => cellsOf(key, lastPosition + at + n + 1, row)),
    );
    // Rows that only fill up stand there twice.
    yield* rowsOf(
      `INSERT INTO list_contacts (campaign_key, position, contact_key, number, contact_id, zone, attributes)
       VALUES ${rows} ON CONFLICT DO NOTHING`,
      ...given.values,
    );
  }
}

function cellsOf(key: string, position: number, row: ListRow): readonly Value[] {
  const { number, contactId, zone, attributes } = row;
  const asJson = attributes && JSON.stringify(attributes);
  return [key, position, contactKeyOfRow(row), number, contactId, zone ?? '', asJson];
}
