import { addRollup, type BaseRollup, emptyRollup, type Rollup, rollupFromData, rollupToData } from '@ringside/core';
import type { Database } from './database.ts';

/** What of a base is asked with every batch. */
export type BaseHeader = Omit<BaseRollup, 'rollup'>;

/** What one chunk of deleting adds to the base of a campaign. */
export interface BaseChange extends BaseRollup {
  readonly calls: number;
  readonly contacts: number;
}

interface HeaderRow {
  readonly key: string;
  readonly deletedBefore: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

const HEADER =
  'SELECT campaign_key AS key, deleted_before AS deletedBefore, first_at AS firstAt, last_at AS lastAt FROM base_rollups';

/** What deleted calls came to, by campaign. The headers are few and small, so they are kept in memory. */
export class Bases {
  readonly #db: Database;
  readonly #headers = new Map<string, BaseHeader>();
  readonly #sql;

  constructor(db: Database) {
    this.#db = db;
    this.#sql = {
      put: db.prepare(
        `INSERT INTO base_rollups (campaign_key, deleted_before, first_at, last_at, calls, contacts, told_calls, told_contacts, totals)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7)
         ON CONFLICT (campaign_key) DO UPDATE
         SET deleted_before = excluded.deleted_before, first_at = excluded.first_at, last_at = excluded.last_at,
             calls = calls + excluded.calls, contacts = contacts + excluded.contacts, totals = excluded.totals`,
      ),
      totals: db.prepare('SELECT totals FROM base_rollups WHERE campaign_key = ?'),
      minute: db.prepare('SELECT counts FROM base_buckets WHERE campaign_key = ? AND minute = ?'),
      putMinute: db.prepare(
        `INSERT INTO base_buckets (campaign_key, minute, counts) VALUES (?1, ?2, ?3)
         ON CONFLICT (campaign_key, minute) DO UPDATE SET counts = excluded.counts`,
      ),
      untold: db.prepare(
        `SELECT calls - told_calls AS calls, contacts - told_contacts AS contacts FROM base_rollups WHERE campaign_key = ?`,
      ),
      tell: db.prepare('UPDATE base_rollups SET told_calls = calls, told_contacts = contacts WHERE campaign_key = ?'),
    };
    for (const { key, ...header } of db.prepare(HEADER).all() as unknown as HeaderRow[]) this.#headers.set(key, header);
  }

  get(campaign: string): BaseHeader | null {
    return this.#headers.get(campaign) ?? null;
  }

  /** With its rollup. */
  load(campaign: string): BaseRollup | null {
    return this.get(campaign) && loadBase(this.#db, campaign);
  }

  /** Adds to a base; to be called inside a transaction. @returns what to call once that is committed */
  add(campaign: string, change: BaseChange): () => void {
    const known = this.get(campaign);
    const header: BaseHeader = {
      deletedBefore: Math.max(known?.deletedBefore ?? 0, change.deletedBefore),
      firstAt: Math.min(known?.firstAt ?? change.firstAt, change.firstAt),
      lastAt: Math.max(known?.lastAt ?? 0, change.lastAt),
    };
    const { deletedBefore, firstAt, lastAt } = header;
    const sums = this.#sums(campaign, change.rollup);
    const { totals, minutes } = rollupToData(sums);
    this.#sql.put.run(campaign, deletedBefore, firstAt, lastAt, change.calls, change.contacts, JSON.stringify(totals));
    for (const [minute, counts] of minutes) this.#sql.putMinute.run(campaign, minute, JSON.stringify(counts));
    return () => this.#headers.set(campaign, header);
  }

  /** What was deleted since the audit log was last told, `null` when nothing was. */
  untold(campaign: string): { readonly calls: number; readonly contacts: number } | null {
    const untold = this.#sql.untold.get(campaign) as { calls: number; contacts: number } | undefined;
    return untold && untold.calls > 0 ? untold : null;
  }

  /** To be called inside the transaction that tells the audit log. */
  told(campaign: string): void {
    this.#sql.tell.run(campaign);
  }

  /** The totals, and those minutes to which something is added, with it. */
  #sums(campaign: string, added: Rollup): Rollup {
    const row = this.#sql.totals.get(campaign) as { totals: string } | undefined;
    const minutes = [...added.minutes.keys()].flatMap((minute) => {
      const known = this.#sql.minute.get(campaign, minute) as { counts: string } | undefined;
      return known ? [[minute, JSON.parse(known.counts)] as const] : [];
    });
    const sums = rollupFromData({ totals: row ? JSON.parse(row.totals) : [], minutes });
    addRollup(sums, added);
    return sums;
  }
}

/** What deleted calls of a campaign came to, `null` when none were. */
export function loadBase(db: Database, campaign: string): BaseRollup | null {
  const row = db.prepare(`${HEADER} WHERE campaign_key = ?`).get(campaign) as HeaderRow | undefined;
  if (!row) return null;
  const { key: _key, ...header } = row;
  const { totals } = db.prepare('SELECT totals FROM base_rollups WHERE campaign_key = ?').get(campaign) as {
    totals: string;
  };
  const buckets = db.prepare('SELECT minute, counts FROM base_buckets WHERE campaign_key = ?').all(campaign);
  const minutes = (buckets as { minute: number; counts: string }[]).map(
    ({ minute, counts }) => [minute, JSON.parse(counts)] as const,
  );
  return { ...header, rollup: rollupFromData({ totals: JSON.parse(totals), minutes }) };
}

/** The rollup of deleted calls, empty when there are none. */
export function baseRollup(base: BaseRollup | null): Rollup {
  return base?.rollup ?? emptyRollup();
}
