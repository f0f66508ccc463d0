import { type BaseRollup, rollupFromData, rollupToData } from '@ringside/core';
import type { BaseChange, BaseHeader } from '../privacy/campaign-work.ts';
import type { Database } from './database.ts';

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

  /** With the totals and these minutes alone, as it is within the transaction. */
  read(campaign: string, wanted: readonly number[]): BaseRollup | null {
    const row = this.#sql.totals.get(campaign) as { totals: string } | undefined;
    const header = row && headerOf(this.#db, campaign);
    if (!row || !header) return null;
    const minutes = wanted.flatMap((minute) => {
      const known = this.#sql.minute.get(campaign, minute) as { counts: string } | undefined;
      return known ? [[minute, JSON.parse(known.counts)] as const] : [];
    });
    return { ...header, rollup: rollupFromData({ totals: JSON.parse(row.totals), minutes }) };
  }

  /** Writes it; to be called inside a transaction. Memory follows with {@link keep}. */
  put(campaign: string, { deletedBefore, firstAt, lastAt, rollup, calls, contacts }: BaseChange): void {
    const { totals, minutes } = rollupToData(rollup);
    this.#sql.put.run(campaign, deletedBefore, firstAt, lastAt, calls, contacts, JSON.stringify(totals));
    for (const [minute, counts] of minutes) this.#sql.putMinute.run(campaign, minute, JSON.stringify(counts));
  }

  /** Takes over what was committed. */
  keep(campaign: string, header: BaseHeader): void {
    this.#headers.set(campaign, header);
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
}

/** What deleted calls of a campaign came to, `null` when none were. */
export function loadBase(db: Database, campaign: string): BaseRollup | null {
  const header = headerOf(db, campaign);
  if (!header) return null;
  const { totals } = db.prepare('SELECT totals FROM base_rollups WHERE campaign_key = ?').get(campaign) as {
    totals: string;
  };
  const buckets = db.prepare('SELECT minute, counts FROM base_buckets WHERE campaign_key = ?').all(campaign);
  const minutes = (buckets as { minute: number; counts: string }[]).map(
    ({ minute, counts }) => [minute, JSON.parse(counts)] as const,
  );
  return { ...header, rollup: rollupFromData({ totals: JSON.parse(totals), minutes }) };
}

function headerOf(db: Database, campaign: string): BaseHeader | null {
  const row = db.prepare(`${HEADER} WHERE campaign_key = ?`).get(campaign) as HeaderRow | undefined;
  if (!row) return null;
  const { key: _key, ...header } = row;
  return header;
}
