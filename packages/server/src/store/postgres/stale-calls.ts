import { callFromText, fact } from '@ringside/core';
import { DEFAULT_MAX_CALL_SECONDS } from '../limits.ts';
import type { StaleCall, StaleCursor, StalePage } from '../store.ts';
import type { LiveCampaigns } from './live-campaigns.ts';
import type { Session } from './session.ts';

interface LiveCallRow {
  readonly campaign_key: string;
  readonly call_row: string;
  readonly started_at: number;
}

/** Live calls that are looked at in one statement. */
const LOOKED_AT = 1_000;

/** Calls that should be over by now but have no end. Walks the index of live calls, never those that ended. */
export class StaleCalls {
  readonly #session: Session;
  readonly #campaigns: LiveCampaigns;

  constructor(session: Session, campaigns: LiveCampaigns) {
    this.#session = session;
    this.#campaigns = campaigns;
  }

  /** See `Store.staleCalls`. */
  async page(before: number, after: StaleCursor | null, limit: number): Promise<StalePage> {
    const [key, row]: [string, string] = after ? JSON.parse(String(after.id)) : ['', ''];
    const calls: StaleCall[] = [];
    let place: LiveCallRow = { started_at: after?.startedAt ?? 0, campaign_key: key, call_row: row };
    for (;;) {
      const live = await this.#next(place, before);
      const campaigns = await this.#campaigns.many([...new Set(live.map((call) => call.campaign_key))], Date.now());
      for (const call of live) {
        place = call;
        const campaign = campaigns.get(call.campaign_key);
        if (!campaign) continue;
        const { workspace, campaignId, state } = campaign;
        const maxCallSeconds = fact(state.campaign, 'maxCallSeconds') ?? DEFAULT_MAX_CALL_SECONDS;
        if (call.started_at + maxCallSeconds * 1000 >= before) continue;
        const aliases = await this.#aliasesOf(call);
        if (!aliases) continue;
        calls.push({ workspace, campaignId, maxCallSeconds, row: call.call_row, aliases, startedAt: call.started_at });
        if (calls.length === limit) return { calls, next: cursorOf(call) };
      }
      if (live.length < LOOKED_AT) return { calls, next: null };
    }
  }

  #next({ started_at: startedAt, campaign_key: key, call_row: row }: LiveCallRow, before: number) {
    return this.#session.rows<LiveCallRow>('calls-live', startedAt, key, row, before, LOOKED_AT);
  }

  /** `null` when the call has been joined with another in the meantime. */
  async #aliasesOf({ campaign_key: key, call_row: row }: LiveCallRow): Promise<StaleCall['aliases'] | null> {
    const found = await this.#session.row<{ record: string }>('calls-by-rows', key, [row]);
    return found && callFromText(found.record).aliases;
  }
}

function cursorOf({ started_at: startedAt, campaign_key: key, call_row: row }: LiveCallRow): StaleCursor {
  return { startedAt, id: JSON.stringify([key, row]) };
}
