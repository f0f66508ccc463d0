import type { UploadAnswer } from '@ringside/protocol';
import type { CampaignRef } from '../store/among-nodes.ts';
import type { DialStore, ListedAs, ListRow } from '../store/dialing/dial-store.ts';
import type { Columns } from './columns.ts';
import type { Tally } from './rejected.ts';
import { SeenKeys } from './seen-keys.ts';
import type { SourceRow } from './source-rows.ts';
import { type RowTaker, takeRows } from './take-rows.ts';
import { UploadRefused } from './upload-refused.ts';
import { Zones } from './zones.ts';

/** Contacts for a campaign that Ringside dials. */
export interface ContactUpload {
  readonly campaign: CampaignRef;
  readonly rows: AsyncIterable<SourceRow>;
  readonly columns: Columns;
  /** Country of numbers written without one. */
  readonly country: string | null;
  readonly tally: Tally;
}

export interface ContactParts {
  readonly dial: Pick<DialStore, 'addToList' | 'previewList' | 'listFacts'>;
  /** Tells the campaign what its list consists of. @returns how many contacts that are */
  readonly tell: () => Promise<number>;
  readonly now: () => number;
}

/** The live page grows while a large list is read. */
const TELL_EVERY_CHUNKS = 20;

/** Puts contacts on a list. However it ends, the campaign knows of those that are stored. */
export async function uploadContacts(upload: ContactUpload, parts: ContactParts): Promise<UploadAnswer> {
  const { campaign, tally, columns } = upload;
  const { dial, tell, now } = parts;
  let chunks = 0;
  const taker: RowTaker = {
    take: (rows) => dial.addToList(campaign, rows, now()),
    taken: async () => {
      chunks += 1;
      if (chunks % TELL_EVERY_CHUNKS === 0 && tally.accepted > 0) await tell();
    },
  };
  let failure: unknown = null;
  try {
    await take(upload, dial, taker);
  } catch (error) {
    failure = error;
  }
  const totalCalls = await tell();
  if (failure instanceof UploadRefused) {
    const { code, message } = failure;
    throw new UploadRefused(code, `${message} Contacts added before: ${tally.accepted}.`);
  }
  if (failure !== null) throw failure;
  return { ...tally.answer(), columns: columns.asRead(), totalCalls };
}

/** What an upload would come to. Nothing is stored, so what comes twice in the file itself is remembered here. */
export async function previewContacts(
  upload: ContactUpload,
  dial: Pick<DialStore, 'previewList' | 'listFacts'>,
): Promise<UploadAnswer> {
  const { campaign, tally, columns } = upload;
  const seen = new SeenKeys();
  const once = ({ number, contactId }: ListRow, as: ListedAs): ListedAs => {
    if (as !== 'added') return as;
    const id = contactId === null ? null : `id:${contactId}`;
    if (seen.has(number)) return 'duplicate';
    if (id !== null && seen.has(id)) return 'duplicate-id';
    seen.add(number);
    if (id !== null) seen.add(id);
    return 'added';
  };
  const taker: RowTaker = {
    take: async (rows) => {
      const listed = await dial.previewList(campaign, rows);
      return rows.map((row, at) => once(row, listed[at] ?? 'added'));
    },
  };
  await take(upload, dial, taker);
  const facts = await dial.listFacts(campaign);
  return { ...tally.answer(), columns: columns.asRead(), totalCalls: facts?.contacts ?? 0 };
}

async function take(upload: ContactUpload, dial: Pick<DialStore, 'listFacts'>, taker: RowTaker): Promise<void> {
  const { campaign, rows, columns, country, tally } = upload;
  const facts = await dial.listFacts(campaign);
  const zones = new Zones(Object.keys(facts?.zones ?? {}).filter((zone) => zone !== ''));
  await takeRows(rows, { columns, country, zones }, { tally, taker });
}
