import { listedNumber, unreachable } from '@ringside/core';
import { type Attributes, type RowProblem, UNSTORABLE, unstorable } from '@ringside/protocol';
import type { ListRow } from '../store/dialing/dial-store.ts';
import type { Columns } from './columns.ts';
import type { SourceRow } from './source-rows.ts';
import type { Zones } from './zones.ts';

/** What rows of a list are held to. */
export interface RowRules {
  readonly columns: Columns;
  /** Country of numbers written without one. */
  readonly country: string | null;
  readonly zones: Zones;
}

/** Why a row is no contact, and what stood there. */
export interface WrongRow {
  readonly code: RowProblem;
  readonly message: string;
  readonly value: string | null;
}

const MOST_ATTRIBUTES = 32;
const LONGEST_NAME = 64;
const LONGEST_VALUE = 512;
const LONGEST_ID = 128;

class Wrong extends Error implements WrongRow {
  readonly code: RowProblem;
  readonly value: string | null;

  constructor(code: RowProblem, message: string, value: string | null) {
    super(message);
    this.code = code;
    this.value = value;
  }
}

/** Reads a row as a contact. Whether it is a duplicate, and whether it may be called, only the store knows. */
export function checkRow(source: SourceRow, rules: RowRules): ListRow | WrongRow {
  if (source.cells === null) return { code: 'unreadable', message: source.why, value: null };
  const row = { number: '', contactId: null as string | null, zone: null as string | null };
  const attributes: [string, Attributes[string]][] = [];
  try {
    for (const [column, value] of source.cells) {
      const target = rules.columns.targetOf(column);
      if (target === 'number') row.number = numberOf(value, rules.country);
      else if (target === 'contactId') row.contactId = contactIdOf(column, value);
      else if (target === 'timezone') row.zone = zoneOf(column, value, rules.zones);
      else if (target === 'attribute') attributes.push(...attributesOf(column, value));
    }
    if (row.number === '') throw new Wrong('no-number', 'the row has no number', null);
    if (attributes.length > MOST_ATTRIBUTES)
      throw new Wrong('bad-value', `more than ${MOST_ATTRIBUTES} attributes: leave some out with ?map=column:-`, null);
  } catch (error) {
    if (error instanceof Wrong) return error;
    throw error;
  }
  return { ...row, attributes: attributes.length === 0 ? null : Object.fromEntries(attributes) };
}

function numberOf(value: unknown, country: string | null): string {
  const text = textOf(value);
  if (text === '') throw new Wrong('no-number', 'the cell of the number is empty', null);
  if (text === null) throw new Wrong('invalid-number', 'the number must be a text or a number', null);
  const listed = listedNumber(text, country);
  if ('number' in listed) return listed.number;
  switch (listed.wrong) {
    case 'no-number':
      throw new Wrong('no-number', 'the cell of the number is empty', null);
    case 'shortened':
      throw new Wrong(
        'invalid-number',
        'a spreadsheet cut digits off: make the column a text, and save it again',
        text,
      );
    case 'not-a-number': {
      const how = country === null ? 'with its country' : `with its country, or as in ${country}`;
      throw new Wrong('invalid-number', `this is no telephone number: write it ${how}, such as +919876543210`, text);
    }
    default:
      return unreachable(listed.wrong);
  }
}

function contactIdOf(column: string, value: unknown): string | null {
  const id = textOf(value);
  if (id === null) throw new Wrong('bad-value', `${named(column)} must be a text or a number`, null);
  if (id.length > LONGEST_ID)
    throw new Wrong('bad-value', `${named(column)} is longer than ${LONGEST_ID} characters`, id);
  mustBeStorable(column, id);
  return id === '' ? null : id;
}

function zoneOf(column: string, value: unknown, zones: Zones): string | null {
  const zone = textOf(value);
  if (zone === '') return null;
  const wrong = zone === null ? `${named(column)} must be a text` : zones.wrong(zone);
  if (wrong !== null) throw new Wrong('bad-value', wrong, zone);
  return zone;
}

/** Of JSON rows `attributes` may hold them all; an empty cell is none. */
function attributesOf(column: string, value: unknown): [string, Attributes[string]][] {
  if (value === null || value === undefined) return [];
  if (column === 'attributes' && typeof value === 'object' && !Array.isArray(value))
    return Object.entries(value).map(([name, member]) => [name, attributeOf(name, member)]);
  const attribute = attributeOf(column, value);
  return attribute === '' ? [] : [[column, attribute]];
}

function attributeOf(name: string, value: unknown): Attributes[string] {
  if (name.length > LONGEST_NAME || name === '')
    throw new Wrong('bad-value', `the name ${named(name)} is empty or longer than ${LONGEST_NAME} characters`, null);
  if (typeof value === 'object' && value !== null)
    throw new Wrong('bad-value', `${named(name)} must be a text, a number, true, false or null`, null);
  mustBeStorable(name, value);
  if (typeof value === 'string' && value.length > LONGEST_VALUE)
    throw new Wrong('bad-value', `${named(name)} is longer than ${LONGEST_VALUE} characters: shorten it`, value);
  return value as Attributes[string];
}

function mustBeStorable(column: string, value: unknown): void {
  if (unstorable({ [column]: value })) throw new Wrong('bad-value', `${named(column)} ${UNSTORABLE}`, null);
}

/** A cell as a text, `null` where it is something else. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : null;
}

function named(column: string): string {
  return `“${column.slice(0, LONGEST_NAME)}”`;
}
