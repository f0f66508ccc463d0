import type { CliContext } from '../context.ts';
import type { ServerFlags } from './admin-client.ts';

/** A column of a table: its head, and the cell of an item. */
export type Column<T> = readonly [head: string, cell: (item: T) => string | number | null];

/** Shows a list: aligned for people, whole for programs. */
export function showList<T>(
  { terminal }: CliContext,
  { json }: ServerFlags,
  items: readonly T[],
  columns: readonly Column<T>[],
): void {
  if (json) return terminal.out(`${JSON.stringify(items, null, 2)}\n`);
  if (items.length === 0) return terminal.err('there are none\n');
  terminal.out(table(items, columns));
}

/** Says in one line what was done; programs get the thing itself. */
export function showDone({ terminal }: CliContext, { json }: ServerFlags, item: unknown, says: string): void {
  if (json) terminal.out(`${JSON.stringify(item, null, 2)}\n`);
  else terminal.out(`${plain(says)}\n`);
}

/** Shows a new secret: alone on its line, so that a script can take it, with what it is beside it. */
export function showSecret(
  { terminal }: CliContext,
  { json }: ServerFlags,
  item: unknown,
  { secret, says }: { readonly secret: string; readonly says: string },
): void {
  if (json) return terminal.out(`${JSON.stringify(item, null, 2)}\n`);
  terminal.err(`${plain(says)}; it is shown only now:\n`);
  terminal.out(`${secret}\n`);
}

/** `2025-08-07T14:30:00.000Z` as `2025-08-07 14:30`, UTC. */
export function minute(instant: string | null): string | null {
  return instant === null ? null : instant.slice(0, 16).replace('T', ' ');
}

function table<T>(items: readonly T[], columns: readonly Column<T>[]): string {
  const rows = [
    columns.map(([head]) => head),
    ...items.map((item) => columns.map(([, cell]) => plain(String(cell(item) ?? '-')))),
  ];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

/** Names come from clients; a terminal must not obey what stands in them. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '�');
}
