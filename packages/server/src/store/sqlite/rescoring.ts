import { type CallRow, type Contact, countsAttempts, nothingWanted, rescoreRows, rulesOf } from '@ringside/core';
import type { Touched } from '../../ingest/receipt.ts';
import { callRowOf, type StoredRow } from '../call-columns.ts';
import type { Tables } from './apply.ts';
import type { LiveCampaign } from './campaigns.ts';
import { sqlText } from './sql.ts';

const CHUNK = 1_000;

/**
 * Scores the calls of campaigns again whose lead rules changed: a chunk at a time between the batches of intake, and
 * where it stopped is stored with each chunk, so a restart goes on there.
 */
export class Rescoring {
  readonly #tables: Tables;
  readonly #sql;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#sql = {
      next: tables.db.prepare('SELECT campaign_key AS key, after_id AS afterId FROM rescoring LIMIT 1'),
      move: tables.db.prepare('UPDATE rescoring SET after_id = ? WHERE campaign_key = ?'),
      end: tables.db.prepare('DELETE FROM rescoring WHERE campaign_key = ?'),
      page: tables.db.prepare(sqlText('calls-page')),
    };
  }

  /** Scores one chunk. @returns the campaign it changed, and whether there is more to do */
  step(now: number): { touched: Touched[]; more: boolean } {
    const next = this.#sql.next.get() as { key: string; afterId: number } | undefined;
    if (!next) return { touched: [], more: false };
    const live = this.#tables.campaigns.get(next.key, now);
    const touched = live ? this.#chunk(live, next.afterId) : [];
    return { touched, more: true };
  }

  #chunk(live: LiveCampaign, afterId: number): Touched[] {
    const { db, campaigns, rows } = this.#tables;
    const page = this.#sql.page.all(live.key, afterId, CHUNK) as (StoredRow & { id: number })[];
    const calls = page.map(callRowOf);
    const rules = rulesOf(live.state.campaign);
    const contacts = countsAttempts(rules) ? this.#contactsOf(live.key, calls) : [];
    const { changed, delta } = rescoreRows(calls, rules, contacts);
    const state = changed.length === 0 ? live.state : { ...live.state, version: live.state.version + 1 };
    const written = [{ live, state, delta }];
    db.exec('BEGIN IMMEDIATE');
    try {
      rows.write(live.key, { ...nothing, state, calls: changed });
      if (changed.length > 0) campaigns.write(written);
      const last = page.at(-1);
      if (last) this.#sql.move.run(last.id, live.key);
      else this.#sql.end.run(live.key);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
    if (changed.length === 0) return [];
    campaigns.commit(written);
    live.recent = null;
    return [{ workspace: live.workspace, campaignId: live.campaignId, version: state.version }];
  }

  #contactsOf(campaign: string, calls: readonly CallRow[]): readonly Contact[] {
    const keys = new Set(calls.flatMap(({ contact }) => contact ?? []));
    return this.#tables.rows.read(campaign, { ...nothingWanted, contacts: [...keys] }).contacts;
  }
}

const nothing = { removedCalls: [], aliases: [], contacts: [], removedContacts: [], numbers: [], events: [] };
