import { readdirSync, readFileSync } from 'node:fs';

/** A numbered text that brings a store's schema from one version to the next. */
export interface Migration {
  /** The schema version that it leads to. */
  readonly version: number;
  readonly text: string;
  /**
   * What a program must know at least to use the store afterwards: this migration, unless its text says
   * `-- floor: N`, because it changes nothing that one which knows only N migrations relies on.
   */
  readonly floor: number;
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
        .map((name) => migrationOf(Number.parseInt(name, 10), readFileSync(new URL(name, migrations), 'utf8'))),
  };
}

export function migrationOf(version: number, text: string): Migration {
  const declared = /^-- floor: (\d+)$/m.exec(text)?.[1];
  return { version, text, floor: declared === undefined ? version : Number(declared) };
}
