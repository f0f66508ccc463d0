import type { FastifyBaseLogger } from 'fastify';
import type { AuditNote } from '../store/access/records.ts';
import type { AccessStore } from '../store/access/work.ts';
import { OncePerHour } from './once-per-hour.ts';
import type { Principal } from './principal.ts';

/** Where phone numbers are shown whole. */
export type NumbersPlace = 'report' | 'live' | 'calls' | 'call' | 'contacts' | 'do-not-call' | 'attempts';
/** What leaves as a file. */
export type NumbersFile = 'calls.csv' | 'calls.ndjson' | 'contacts.csv' | 'contacts.ndjson';

/** Who is shown numbers, of which campaign, and where they are. */
export interface Sight {
  readonly principal: Principal;
  readonly campaignId: string;
  readonly address: string | null;
}

export interface NumbersSeenParts {
  readonly store: Pick<AccessStore, 'note'>;
  readonly now: () => number;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
}

/**
 * Puts into the audit log who was shown whole numbers: once in each hour of the clock for each actor, place and
 * campaign, and every file. No answer waits for it.
 */
export class NumbersSeen {
  readonly #parts: NumbersSeenParts;
  readonly #known: OncePerHour;
  readonly #writing = new Set<Promise<void>>();

  constructor(parts: NumbersSeenParts) {
    this.#parts = parts;
    this.#known = new OncePerHour(parts.now);
  }

  /** Somebody is shown numbers, if their rights let them see any. */
  shown(place: NumbersPlace, sight: Sight): void {
    const { principal, campaignId } = sight;
    if (!principal.permissions.has('unmask')) return;
    const key = `${principal.workspace}\0${campaignId}\0${place}\0${principal.actor}`;
    if (this.#known.isFirst(key)) this.#write(place, sight, key);
  }

  /** Somebody takes a file of numbers with them. */
  exported(file: NumbersFile, sight: Sight): void {
    if (sight.principal.permissions.has('unmask')) this.#write(file, sight, null);
  }

  /** Fulfils when everything is written. */
  async idle(): Promise<void> {
    await Promise.all(this.#writing);
  }

  #write(where: NumbersPlace | NumbersFile, { principal, campaignId, address }: Sight, key: string | null): void {
    const { store, now, log } = this.#parts;
    const { workspace, actor } = principal;
    const entry: AuditNote = {
      ...{ at: now(), workspace, actor, address },
      ...{ action: 'numbers.seen', target: campaignId, after: { where } },
    };
    const writing = store
      .note(entry)
      .catch((error: unknown) => {
        if (key !== null) this.#known.forget(key);
        log.error({ err: error, actor, where }, 'who was shown numbers could not be put into the audit log');
      })
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }
}
