import type { CampaignState, Removal } from '@ringside/core';
import type { CallRows } from './call-rows.ts';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

/** Takes calls out of the tables, with what follows from them. */
export class Removals {
  readonly #rows: CallRows;
  readonly #sql;

  constructor(db: Database, rows: CallRows) {
    this.#rows = rows;
    this.#sql = {
      alias: db.prepare(sqlText('alias-remove')),
      number: db.prepare(sqlText('number-remove')),
    };
  }

  /** To be called inside a transaction. */
  write(campaign: string, state: CampaignState, removal: Removal): void {
    this.#rows.write(campaign, { ...removal, state, calls: [], aliases: [] });
    for (const alias of removal.removedAliases) this.#sql.alias.run(campaign, alias);
    for (const number of removal.removedNumbers) this.#sql.number.run(campaign, number);
  }
}
