import { driveSteps, type Row, type Statement } from '../access/steps.ts';
import { type AccessWorkName, accessSteps } from '../access/work.ts';
import type { Database } from './database.ts';

/** The small tables of access and administration: each piece of work is a transaction of its own. */
export class AccessTables {
  readonly #db: Database;
  readonly #prepared = new Map<string, ReturnType<Database['prepare']>>();

  constructor(db: Database) {
    this.#db = db;
  }

  run(name: AccessWorkName, args: readonly unknown[]): unknown {
    return this.inTransaction(() => driveSteps(accessSteps(name, args), this.rows));
  }

  inTransaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Runs one statement, inside whatever transaction is open. */
  readonly rows = ({ sql, values }: Statement): readonly Row[] => {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      // Numbered the way that SQLite takes them by their place: thousands of names take longer to bind than to store.
      statement = this.#db.prepare(sql.replaceAll(/\$(\d)/g, '?$1'));
      this.#prepared.set(sql, statement);
    }
    return statement.all(...values) as unknown as readonly Row[];
  };
}
