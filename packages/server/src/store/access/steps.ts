/** What a statement takes. */
export type Value = string | number | null;

/** SQL with numbered parameters, `$1` and on: the one notation that SQLite and PostgreSQL share. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

export type Row = Readonly<Record<string, Value>>;

/**
 * Work on the small tables: it yields statements and is given their rows. One text so serves a store that answers at
 * once and one that answers later, and either runs the whole of it in one transaction.
 */
export type Steps<T> = Generator<Statement, T, readonly Row[]>;

/** Rows of one statement, in the shape that its columns have. */
export function* rowsOf<R>(sql: string, ...values: readonly Value[]): Steps<readonly R[]> {
  return (yield { sql, values }) as readonly R[];
}

/** The first row, or `null`. */
export function* rowOf<R>(sql: string, ...values: readonly Value[]): Steps<R | null> {
  return (yield* rowsOf<R>(sql, ...values))[0] ?? null;
}

/** Runs work against a store that answers at once. */
export function driveSteps<T>(steps: Steps<T>, run: (statement: Statement) => readonly Row[]): T {
  let step = steps.next();
  while (!step.done) step = steps.next(run(step.value));
  return step.value;
}

/** Runs work against a store that answers later. */
export async function driveStepsLater<T>(
  steps: Steps<T>,
  run: (statement: Statement) => Promise<readonly Row[]>,
): Promise<T> {
  let step = steps.next();
  while (!step.done) step = steps.next(await run(step.value));
  return step.value;
}
