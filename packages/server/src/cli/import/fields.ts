/** What is read of one past call, and the columns in which it is looked for: upper case, `_`, `-` and blanks do not count. */
const candidates = {
  callId: ['calluuid', 'callid', 'requestuuid', 'uuid'],
  to: ['to', 'tonumber', 'number', 'phone', 'phonenumber', 'destination'],
  from: ['from', 'fromnumber', 'callerid'],
  startTime: ['starttime', 'initiationtime', 'startedat', 'initiatedat'],
  answerTime: ['answertime', 'answeredat'],
  endTime: ['endtime', 'endedat'],
  duration: ['duration', 'callduration', 'talktime', 'talkseconds'],
  billDuration: ['billduration', 'billedduration'],
  status: ['callstatus', 'status'],
  hangupCause: ['hangupcause', 'hangupcausename'],
  hangupCode: ['hangupcausecode', 'hangupcode'],
  hangupSource: ['hangupsource'],
  cost: ['totalcost', 'totalamount', 'cost'],
  currency: ['currency'],
  answeredBy: ['machine', 'answeredby'],
  leadStatus: ['leadstatus'],
  leadScore: ['leadscore'],
  contactId: ['contactid'],
  campaignId: ['campid', 'campaignid'],
  recordingUrl: ['recordurl', 'recordingurl'],
  digits: ['digits'],
  direction: ['direction', 'calldirection'],
  sessionStart: ['sessionstart'],
} as const satisfies Record<string, readonly string[]>;

export type Field = keyof typeof candidates;

/** The fields by name, for help and for complaints. */
export const fieldNames = Object.keys(candidates) as Field[];

/** One row of the file. */
export type Row = Readonly<Record<string, unknown>>;

/** What a row says, as text; blank ones are left out. */
export type Values = { readonly [F in Field]?: string };

const MOST_COLUMNS = 200;
const blanks: ReadonlySet<string> = new Set(['', 'null', 'NULL', '\\N']);

/** Finds the fields in rows whose columns may differ from row to row, as they do in documents of several ages. */
export class FieldMap {
  /** Columns in which a field was found, in the order of the fields. */
  readonly used = new Map<Field, Set<string>>();
  readonly #given: ReadonlyMap<Field, string>;
  /** Columns of rows, by their plain spelling. */
  readonly #plain = new Map<string, string>();

  /** @param given columns that the operator named; these fields are looked for nowhere else */
  constructor(given: ReadonlyMap<Field, string>) {
    this.#given = given;
  }

  read(row: Row): Values {
    const byPlain = new Map<string, string>();
    for (const column of Object.keys(row)) byPlain.set(this.#plainOf(column), column);
    const values: { [F in Field]?: string } = {};
    for (const field of fieldNames) {
      const found = this.#find(field, row, byPlain);
      if (!found) continue;
      values[field] = found.text;
      const columns = this.used.get(field);
      if (columns) columns.add(found.column);
      else this.used.set(field, new Set([found.column]));
    }
    return values;
  }

  /** Columns that were seen and say nothing that is kept. */
  unused(): string[] {
    const used = new Set([...this.used.values()].flatMap((columns) => [...columns]));
    return [...this.#plain.keys()].filter((column) => !used.has(column));
  }

  #find(field: Field, row: Row, byPlain: ReadonlyMap<string, string>): { column: string; text: string } | null {
    const given = this.#given.get(field);
    if (given !== undefined) {
      const text = textOf(given in row ? row[given] : inside(row, given));
      return text === null ? null : { column: given, text };
    }
    for (const candidate of candidates[field]) {
      const column = byPlain.get(candidate);
      const text = column === undefined ? null : textOf(row[column]);
      if (column !== undefined && text !== null) return { column, text };
    }
    return null;
  }

  #plainOf(column: string): string {
    const known = this.#plain.get(column);
    if (known !== undefined) return known;
    const plain = column.toLowerCase().replace(/[\s_-]/g, '');
    if (this.#plain.size < MOST_COLUMNS) this.#plain.set(column, plain);
    return plain;
  }
}

/** `field=column` pairs of the command line. @throws Error that says which one cannot be used */
export function parseMapping(pairs: readonly string[]): Map<Field, string> {
  return new Map(
    pairs.map((pair) => {
      const cut = pair.indexOf('=');
      const field = fieldNames.find((name) => name === pair.slice(0, cut));
      if (cut < 1 || cut === pair.length - 1) throw new Error(`--map ${pair} must be field=column`);
      if (!field) throw new Error(`--map ${pair}: there is no such field; the fields are ${fieldNames.join(', ')}`);
      return [field, pair.slice(cut + 1)] as const;
    }),
  );
}

/** A value as text. Exports of MongoDB wrap theirs: `{"$date": "…"}`, `{"$oid": "…"}`, `{"$numberInt": "5"}`. */
function textOf(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return blanks.has(value.trim()) ? null : value.trim();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const [wrapped, ...more] = Object.entries(value);
  return wrapped?.[0].startsWith('$') && more.length === 0 ? textOf(wrapped[1]) : null;
}

/** A member of a nested document: `lead_analysis.lead_score`. */
function inside(row: Row, path: string): unknown {
  let value: unknown = row;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Row)[name];
  }
  return value;
}
