import type { PlivoReceipt } from '../../ingest/receipt.ts';
import type { VerifiedCallback } from '../../providers/plivo/plivo-receipt.ts';
import type { Database } from './database.ts';

/** Verified callbacks that belong to no campaign. Those that name a call wait for it to be found. */
export class Unassigned {
  readonly #sql;
  /** Call ids that something waits under, so that the usual callback costs no look-up. */
  readonly #waiting = new Set<string>();

  constructor(db: Database) {
    this.#sql = {
      add: db.prepare(
        'INSERT INTO unassigned (workspace, received_at, why, alias, query, body) VALUES (?, ?, ?, ?, ?, ?)',
      ),
      take: db.prepare(
        'DELETE FROM unassigned WHERE workspace = ? AND alias = ? RETURNING received_at AS receivedAt, query, body',
      ),
      count: db.prepare('SELECT count(*) AS n FROM unassigned'),
    };
    const rows = db.prepare('SELECT workspace, alias FROM unassigned WHERE alias IS NOT NULL').all();
    for (const { workspace, alias } of rows as { workspace: string; alias: string }[]) {
      this.#waiting.add(keyOf(workspace, alias));
    }
  }

  add(receipt: PlivoReceipt, why: string, alias: string | null): void {
    this.#sql.add.run(receipt.workspace, receipt.receivedAt, why, alias, receipt.query, receipt.body);
    if (alias !== null) this.#waiting.add(keyOf(receipt.workspace, alias));
  }

  /** Takes out what waits for a call that has just been named. */
  take(workspace: string, aliases: readonly string[]): VerifiedCallback[] {
    return aliases.flatMap((alias) => {
      if (!this.#waiting.has(keyOf(workspace, alias))) return [];
      const rows = this.#sql.take.all(workspace, alias) as { receivedAt: number; query: string; body: string }[];
      return rows.map((row) => ({ workspace, nonce: null, ...row }));
    });
  }

  count(): number {
    return (this.#sql.count.get() as { n: number }).n;
  }
}

function keyOf(workspace: string, alias: string): string {
  return `${workspace}\0${alias}`;
}
