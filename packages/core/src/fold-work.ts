import type { Call } from './call.ts';
import { type Campaign, unknownCampaign } from './campaign.ts';
import type { CampaignEvent, EventKey } from './campaign-events.ts';
import type { Contact } from './contact.ts';
import type { Rollup } from './rollup.ts';

/** A call as a store keeps it. */
export interface CallRow {
  /** The alias under which the call was first stored. Never shown; see {@link callUuid}. */
  readonly row: string;
  /** Key of the contact it belongs to, `null` while it is not known to have been placed. */
  readonly contact: string | null;
  /** Sequence numbers of its stored deliveries. */
  readonly seqs: readonly number[];
  readonly call: Call;
}

/** What a store keeps of a campaign beside its rollup. Times are epoch milliseconds. */
export interface CampaignState {
  readonly campaign: Campaign;
  /** Earliest and latest `at` of any delivery; `null` before the first. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Earliest `at` of any delivery about a call. */
  readonly firstCallAt: number | null;
  /** Grows by one with each accepted delivery. */
  readonly version: number;
}

export const newCampaignState: CampaignState = {
  campaign: unknownCampaign,
  firstAt: null,
  lastAt: null,
  firstCallAt: null,
  version: 0,
};

/** What the fold must read before it can go on. Everything it asks for belongs to one campaign. */
export interface Wanted {
  readonly aliases: readonly string[];
  readonly rows: readonly string[];
  readonly numbers: readonly string[];
  readonly contacts: readonly string[];
  /** Events of the campaign itself; left out: none. */
  readonly events?: readonly EventKey[];
}

export const nothingWanted: Wanted = { aliases: [], rows: [], numbers: [], contacts: [] };

/** What was found. What is not there is left out. */
export interface Found {
  readonly calls: readonly CallRow[];
  readonly numbers: ReadonlyMap<string, readonly string[]>;
  readonly contacts: readonly Contact[];
  /** Left out where no events were asked for. */
  readonly events?: FoundEvents;
}

/** What is stored of the events that were asked for. */
export interface FoundEvents {
  /** Those of them that are stored. */
  readonly known: readonly EventKey[];
  /** Of each, the change before and the change after it, in any order. */
  readonly changes: readonly EventKey[];
}

/**
 * `too-many-events`: its campaign has taken as many changes in a day as it may; `call-full`: its call as many events.
 * See {@link EventLimit}.
 */
export type FoldResult = 'accepted' | 'unchanged' | 'too-many-events' | 'call-full';

/** What one batch changes: rows to write and remove, and the difference to the rollup. */
export interface Changes {
  readonly state: CampaignState;
  readonly calls: readonly CallRow[];
  readonly removedCalls: readonly string[];
  /** Aliases that differ from the row key they lead to. */
  readonly aliases: readonly (readonly [alias: string, row: string])[];
  readonly contacts: readonly Contact[];
  readonly removedContacts: readonly string[];
  /** Contact ids now known for a number. */
  readonly numbers: readonly (readonly [number: string, ids: readonly string[]])[];
  readonly delta: Rollup;
  /** Events of the campaign itself to add. */
  readonly events: readonly CampaignEvent[];
  /** Deliveries to append to the log: index in the batch, their sequence, and the call's row. */
  readonly stored: readonly { readonly index: number; readonly seq: number; readonly row: string | null }[];
  /** One per delivery of the batch. */
  readonly results: readonly FoldResult[];
  /**
   * A copy of a delivery turned out to have been received earlier than the one that gave `state.lastAt`, which must
   * be found again among the calls: see {@link withLastAt}.
   */
  readonly lastAtStale: boolean;
  /** The lead rules changed after calls had been stored: those must be scored again, see {@link rescoreRows}. */
  readonly rescore: boolean;
  /** The default country changed after calls had been stored: their numbers must be read again. */
  readonly rereadNumbers: boolean;
}

/** The rows a batch works on: as they were (`null`: new), as they are, and those that were joined into another. */
export interface Work {
  readonly before: Map<string, CallRow | null>;
  readonly rows: Map<string, CallRow>;
  readonly rowOfAlias: Map<string, string>;
  readonly removed: Set<string>;
}

/** The rows that are no longer as they were stored. */
export function changedRows(work: Work): CallRow[] {
  return [...work.rows.values()].filter((row) => work.before.get(row.row) !== row);
}

/** Takes a stored row into the working set, unless it is there already. */
export function adopt(work: Work, row: CallRow): void {
  if (work.before.has(row.row)) return;
  work.before.set(row.row, row);
  put(work, row);
}

export function put(work: Work, row: CallRow): void {
  work.rows.set(row.row, row);
  work.rowOfAlias.set(row.row, row.row);
  for (const alias of row.call.aliases) work.rowOfAlias.set(alias.id, row.row);
}

/** The state with its `lastAt` found again. @param ofCalls latest `at` of any call, 0 when there is none */
export function withLastAt(state: CampaignState, ofCalls: number): CampaignState {
  return { ...state, lastAt: Math.max(ofCalls, state.campaign.lastAt) };
}
