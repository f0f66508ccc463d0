import type pg from 'pg';
import type { Row, Statement } from '../access/steps.ts';
import { sqlFiles } from '../sql-files.ts';
import { QueryError } from './connection.ts';

const { text: readText } = sqlFiles('postgres');
const texts = new Map<string, string>();

/** The text of one hot statement, by file name without `.sql`. */
export function sqlText(name: string): string {
  const known = texts.get(name) ?? readText(name);
  texts.set(name, known);
  return known;
}

type Cell = string | number | boolean | null;
type Parameter = Cell | readonly Cell[];

/** One connection, or whichever of a pool is free. Rejects with {@link QueryError} alone. */
export class Session {
  readonly #client: Pick<pg.ClientBase, 'query'>;

  constructor(client: Pick<pg.ClientBase, 'query'>) {
    this.#client = client;
  }

  /** Runs a hot statement, prepared once for each connection. */
  async rows<R>(name: string, ...values: readonly Parameter[]): Promise<R[]> {
    return (await this.#query<R>({ name, text: sqlText(name), values: [...values] })).rows;
  }

  async row<R>(name: string, ...values: readonly Parameter[]): Promise<R | null> {
    return (await this.rows<R>(name, ...values))[0] ?? null;
  }

  /** Runs a statement that is not hot. */
  async query<R>(text: string, ...values: readonly Parameter[]): Promise<R[]> {
    return (await this.#query<R>({ text, values: [...values] })).rows;
  }

  /** Runs statements without parameters. @returns what the last one was */
  async command(text: string): Promise<string> {
    return (await this.#query({ text })).command;
  }

  /** Runs a step of access work. */
  readonly step = async ({ sql, values }: Statement): Promise<readonly Row[]> => this.query<Row>(sql, ...values);

  async #query<R>(config: pg.QueryConfig): Promise<{ rows: R[]; command: string }> {
    try {
      return (await this.#client.query(config)) as unknown as { rows: R[]; command: string };
    } catch (error) {
      throw new QueryError(error);
    }
  }
}

/**
 * Runs work in a transaction. Statements travel together where nobody waits in between; the commit is sent only when
 * all of them have been carried out. After an error of the database its connection is not used again.
 */
export async function inTransaction<T>(pool: pg.Pool, work: (session: Session) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw new QueryError(error);
  });
  // A connection may break while nothing is asked of it.
  const onError = (): void => {};
  client.on('error', onError);
  const session = new Session(client);
  let isUsable = false;
  try {
    const begun = session.command('BEGIN');
    const [result] = await Promise.all([work(session), begun]);
    const ended = await session.command('COMMIT');
    // A transaction that had failed answers COMMIT with what it did instead.
    if (ended !== 'COMMIT') throw new QueryError(new Error(`the transaction ended with ${ended}`));
    isUsable = true;
    return result;
  } catch (error) {
    if (!(error instanceof QueryError)) isUsable = await rolledBack(session);
    throw error;
  } finally {
    client.off('error', onError);
    client.release(!isUsable);
  }
}

function rolledBack(session: Session): Promise<boolean> {
  return session.command('ROLLBACK').then(
    () => true,
    () => false,
  );
}

const TRIES = 4;
const FIRST_WAIT_MS = 20;

/** Tries again what a lock, a deadlock or a lost connection prevented. Applying twice changes nothing. */
export async function tryAgain<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === TRIES || !(error instanceof QueryError) || error.kind !== 'again') throw error;
      await new Promise((next) => setTimeout(next, FIRST_WAIT_MS * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}
