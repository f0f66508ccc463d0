import type { UploadAnswer } from '@ringside/protocol';

/** What a column can be read as. */
export const columnUses = [
  { value: 'number', label: 'phone number' },
  { value: 'contactId', label: 'contact id' },
  { value: 'timezone', label: 'time zone' },
  { value: 'attribute', label: 'kept as it is' },
  { value: '-', label: 'left out' },
] as const;

export type ColumnUse = (typeof columnUses)[number]['value'];

export type ColumnMap = Readonly<Record<string, ColumnUse>>;

/** What the server read each column as. An attribute is told by its name. */
export function columnsOf({ columns }: Pick<UploadAnswer, 'columns'>): ColumnMap {
  return Object.fromEntries(
    Object.entries(columns).map(([column, use]) => [
      column,
      columnUses.find(({ value }) => value === use)?.value ?? 'attribute',
    ]),
  );
}

/** One column can hold the number, the id and the zone: who takes such a use leaves the other column an attribute. */
export function remapped(map: ColumnMap, column: string, use: ColumnUse): ColumnMap {
  const isShared = use === 'attribute' || use === '-';
  return Object.fromEntries(
    Object.entries(map).map(([other, before]) => {
      if (other === column) return [other, use];
      return [other, before === use && !isShared ? 'attribute' : before];
    }),
  );
}

/** The part of the address that tells the server, empty while it decides by itself. */
export function mapQuery(map: ColumnMap | null): string {
  if (map === null) return '';
  // A comma parts the columns, so one with a comma in its name is read as the server thinks best.
  const told = Object.entries(map).filter(([column]) => !column.includes(','));
  const pairs = told.map(([column, use]) => `${column}:${use}`);
  return `map=${encodeURIComponent(pairs.join(','))}`;
}
