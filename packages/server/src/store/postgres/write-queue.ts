import type { ErrorCode } from '@ringside/protocol';
import type { Receipt, Touched } from '../../ingest/receipt.ts';
import type { CampaignWriter, ChangeOptions, Folded, Item, WriteOptions, WriteResult } from './campaign-writer.ts';
import { QueryError } from './connection.ts';
import type { Lanes } from './lanes.ts';
import type { CampaignName } from './live-campaigns.ts';

/** An item of a batch. */
export interface Entry extends Item {
  readonly receipt: Receipt;
  /** Place in the batch. */
  readonly index: number;
}

/** What became of an entry; `code` is what a program is told, `why` what is noted with a callback that is put aside. */
export type Outcome = 'accepted' | 'unchanged' | { readonly code: ErrorCode; readonly why: string };

export interface Written {
  /** One for each entry, in order. */
  readonly outcomes: readonly Outcome[];
  readonly touched: readonly Touched[];
}

interface Waiting {
  readonly entries: readonly Entry[];
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

/** Items of one transaction at most. */
const MOST = 1_000;

/**
 * What is to be written, by campaign. While one transaction of a campaign runs, what comes for it gathers and goes into
 * the next one together.
 */
export class WriteQueue {
  readonly #lanes: Lanes;
  readonly #writer: CampaignWriter;
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(lanes: Lanes, writer: CampaignWriter) {
    this.#lanes = lanes;
    this.#writer = writer;
  }

  /** Writes entries of one campaign. */
  submit(name: CampaignName, entries: readonly Entry[]): Promise<Written> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(name.key) ?? [];
      waiting.push({ entries, resolve, reject });
      this.#waiting.set(name.key, waiting);
      this.#lanes.run(name.key, () => this.#writeGathered(name)).catch(reject);
    });
  }

  /** A write that stands alone, such as a registration. */
  write(name: CampaignName, options: WriteOptions): Promise<Folded | null> {
    return this.#lanes.run(name.key, () => this.#writer.fold(name, options));
  }

  /** Other work on a campaign, see {@link CampaignWriter.change}. */
  change(name: CampaignName, options: ChangeOptions): Promise<Touched | null> {
    return this.#lanes.run(name.key, () => this.#writer.change(name, options));
  }

  async #writeGathered(name: CampaignName): Promise<void> {
    const group = this.#takeGathered(name.key);
    if (group.length === 0) return;
    try {
      const { outcomes, touched } = await this.#writeApart(
        name,
        group.flatMap(({ entries }) => entries),
      );
      let from = 0;
      for (const { entries, resolve } of group) {
        resolve({ outcomes: outcomes.slice(from, from + entries.length), touched });
        from += entries.length;
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  #takeGathered(key: string): Waiting[] {
    const waiting = this.#waiting.get(key) ?? [];
    let count = 1;
    for (let size = waiting[0]?.entries.length ?? 0; count < waiting.length; count += 1) {
      size += waiting[count]?.entries.length ?? 0;
      if (size > MOST) break;
    }
    const taken = waiting.splice(0, count);
    if (waiting.length === 0) this.#waiting.delete(key);
    return taken;
  }

  /** An entry that the fold cannot take must not stop the others: halve them until it is alone. */
  async #writeApart(name: CampaignName, entries: readonly Entry[]): Promise<Written> {
    const [first] = entries;
    if (!first) return { outcomes: [], touched: [] };
    try {
      const make = entries.some(registers) ? 'registered' : 'unregistered';
      const folded = await this.#writer.fold(name, { make, now: first.receipt.receivedAt, items: () => entries });
      if (!folded) return { outcomes: entries.map(() => tooMany), touched: [] };
      return { outcomes: folded.results.map(outcomeOf), touched: folded.touched ? [folded.touched] : [] };
    } catch (error) {
      if (isFault(error)) throw error;
      if (entries.length === 1) {
        return {
          outcomes: [{ code: 'internal-error', why: `cannot be applied: ${(error as Error).message}` }],
          touched: [],
        };
      }
      const middle = Math.ceil(entries.length / 2);
      const left = await this.#writeApart(name, entries.slice(0, middle));
      const right = await this.#writeApart(name, entries.slice(middle));
      return { outcomes: [...left.outcomes, ...right.outcomes], touched: [...left.touched, ...right.touched] };
    }
  }
}

const tooMany: Outcome = { code: 'too-many-campaigns', why: 'campaign refused' };

function outcomeOf(result: WriteResult): Outcome {
  return result === 'accepted' || result === 'unchanged' ? result : { code: result, why: result };
}

/** True for an error that concerns every receipt; any other is the fault of one. */
export function isFault(error: unknown): boolean {
  return error instanceof QueryError && error.kind !== 'value';
}

function registers({ delivery }: Entry): boolean {
  return delivery.about === 'campaign' && delivery.type === 'facts';
}
