import { expect, it } from 'vitest';
import { migrationOf } from './sql-files.ts';

it('needs a program that knows the migration, unless its text says which older one may go on', () => {
  expect(migrationOf(7, '-- Adds a table.\nCREATE TABLE t (a text);').floor).toBe(7);
  expect(migrationOf(7, '-- Adds a column with a default.\n-- floor: 5\nALTER TABLE t ADD b int;').floor).toBe(5);
  expect(migrationOf(7, "SELECT '-- floor: 5';").floor).toBe(7);
});
