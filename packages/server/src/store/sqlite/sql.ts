import { readdirSync, readFileSync } from 'node:fs';

/** Folder of the SQL texts; it stands beside `src` and `dist`, so the same path serves both. */
const folder = new URL('../../../sql/sqlite/', import.meta.url);

/** The text of one hot statement, by file name without `.sql`. */
export function sqlText(name: string): string {
  return readFileSync(new URL(`${name}.sql`, folder), 'utf8');
}

/** The migrations in their order; the number in the file name is the schema version it leads to. */
export function migrations(): { version: number; text: string }[] {
  const dir = new URL('migrations/', folder);
  return readdirSync(dir)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ version: Number.parseInt(name, 10), text: readFileSync(new URL(name, dir), 'utf8') }));
}
