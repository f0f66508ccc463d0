import { callFromText, fact } from '@ringside/core';
import { DEFAULT_MAX_CALL_SECONDS } from '../limits.ts';
import type { StaleCall, StaleCursor, StalePage } from '../store.ts';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

interface LiveCallRow {
  readonly id: number;
  readonly campaign_key: string;
  readonly started_at: number;
}

interface CampaignRow {
  readonly workspace: string;
  readonly campaign_id: string;
  readonly state: string;
}

type Limits = Pick<StaleCall, 'workspace' | 'campaignId' | 'maxCallSeconds'>;

/** Calls that should be over by now but have no end. Walks the index of live calls, never those that ended. */
export class StaleCalls {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      live: db.prepare(sqlText('calls-live')),
      campaign: db.prepare(sqlText('campaign-by-key')),
      record: db.prepare('SELECT call_row, record FROM calls WHERE id = ?'),
    };
  }

  /** See `Store.staleCalls`. */
  page(before: number, after: StaleCursor | null, limit: number): StalePage {
    const limits = new Map<string, Limits>();
    const calls: StaleCall[] = [];
    const live = this.#sql.live.iterate(after?.startedAt ?? 0, after?.id ?? 0, before) as Iterable<LiveCallRow>;
    for (const { id, campaign_key: key, started_at: startedAt } of live) {
      const campaign = limits.get(key) ?? this.#limitsOf(key);
      limits.set(key, campaign);
      if (startedAt + campaign.maxCallSeconds * 1000 >= before) continue;
      calls.push({ ...campaign, ...this.#namesOf(id), startedAt });
      if (calls.length === limit) return { calls, next: { startedAt, id } };
    }
    return { calls, next: null };
  }

  #limitsOf(key: string): Limits {
    const row = this.#sql.campaign.get(key) as CampaignRow;
    const { campaign } = JSON.parse(row.state);
    const maxCallSeconds = fact(campaign, 'maxCallSeconds') ?? DEFAULT_MAX_CALL_SECONDS;
    return { workspace: row.workspace, campaignId: row.campaign_id, maxCallSeconds };
  }

  #namesOf(id: number): Pick<StaleCall, 'row' | 'aliases'> {
    const { call_row: row, record } = this.#sql.record.get(id) as { call_row: string; record: string };
    return { row, aliases: callFromText(record).aliases };
  }
}
