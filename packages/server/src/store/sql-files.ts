import { readdirSync, readFileSync } from 'node:fs';

/** A numbered text that brings a store's schema from one version to the next. */
export interface Migration {
  /** The schema version that it leads to. */
  readonly version: number;
  readonly text: string;
}

/** The SQL of one kind of store. */
export interface SqlFiles {
  /** The text of one hot statement, by file name without `.sql`. */
  readonly text: (name: string) => string;
  /** In their order; the number in the file name is the version. */
  readonly migrations: () => Migration[];
}

/** SQL texts stand beside `src` and `dist`, so the same path serves both. */
export function sqlFiles(store: 'sqlite' | 'postgres'): SqlFiles {
  const folder = new URL(`../../sql/${store}/`, import.meta.url);
  const migrations = new URL('migrations/', folder);
  return {
    text: (name) => readFileSync(new URL(`${name}.sql`, folder), 'utf8'),
    migrations: () =>
      readdirSync(migrations)
        .filter((name) => name.endsWith('.sql'))
        .sort()
        .map((name) => ({
          version: Number.parseInt(name, 10),
          text: readFileSync(new URL(name, migrations), 'utf8'),
        })),
  };
}
