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
      statement = this.#db.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    const named = Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value]));
    return statement.all(named) as unknown as readonly Row[];
  };
}
