import type { UploadAnswer } from '@ringside/protocol';
import { describe, expect, it } from 'vitest';
import type { MaskClass } from '../access/principal.ts';
import type { ListedAs, ListRow } from '../store/dialing/dial-store.ts';
import { inPieces } from '../testing/pieces.ts';
import { Columns, parseMapping } from './columns.ts';
import { Tally } from './rejected.ts';
import { SeenKeys } from './seen-keys.ts';
import { type ListFormat, sourceRows } from './source-rows.ts';
import { takeRows } from './take-rows.ts';
import { UploadRefused } from './upload-refused.ts';
import { Zones } from './zones.ts';

interface Told extends Pick<UploadAnswer, 'accepted' | 'rejected' | 'reasons' | 'rows'> {
  readonly listed: ListRow[];
  readonly columns: Record<string, string>;
  readonly chunks: number[];
}

interface Wish {
  readonly format?: ListFormat;
  readonly map?: string;
  readonly country?: string;
  readonly zones?: readonly string[];
  readonly mask?: MaskClass;
  readonly as?: (row: ListRow) => ListedAs;
}

/** Reads a file onto a list that is an array. */
async function take(file: string, wish: Wish = {}): Promise<Told> {
  const { format = 'csv', map, country = null, zones = [], mask = 'full', as = () => 'added' } = wish;
  const columns = new Columns(map === undefined ? new Map() : parseMapping(map));
  const tally = new Tally(mask, null);
  const listed: ListRow[] = [];
  const chunks: number[] = [];
  const taker = {
    take: async (rows: readonly ListRow[]) => {
      chunks.push(rows.length);
      const results = rows.map(as);
      listed.push(...rows.filter((_, at) => results[at] === 'added'));
      return results;
    },
  };
  const rows = sourceRows({ format, bytes: inPieces(file, 11), columns });
  await takeRows(rows, { columns, country, zones: new Zones(zones) }, { tally, taker });
  return { ...tally.answer(), listed, chunks, columns: columns.asRead() };
}

const refusal = (file: string, wish?: Wish) => expect(take(file, wish)).rejects;

describe('columns', () => {
  it('are known by their names, of several the first, and the others are kept', async () => {
    const file = 'Customer ID;Mobile Number;Phone;TZ;City\nc-1;9876543210;022;Asia/Kolkata;Pune\n';
    const { listed, columns } = await take(file, { country: 'IN' });
    expect(columns).toEqual({
      'Customer ID': 'contactId',
      'Mobile Number': 'number',
      Phone: 'attribute',
      TZ: 'timezone',
      City: 'attribute',
    });
    expect(listed).toEqual([
      { number: '+919876543210', contactId: 'c-1', zone: 'Asia/Kolkata', attributes: { Phone: '022', City: 'Pune' } },
    ]);
  });

  it('are what somebody says they are', async () => {
    const file = 'id,phone,a:b,secret\n7,+14155550123,+919876543210,x\n';
    const { listed } = await take(file, { map: 'a:b:number,phone:contactId,secret:-' });
    expect(listed).toEqual([
      { number: '+919876543210', contactId: '+14155550123', zone: null, attributes: { id: '7' } },
    ]);
  });

  it.each(['phone', 'phone:telephone', ':number', 'a:number,b:number', 'a:number,a:-', ''])(
    'cannot be named by %j',
    (map) => {
      expect(() => parseMapping(map)).toThrow(UploadRefused);
    },
  );

  it.each([
    ['name,city\nAsha,Pune\n', undefined, /Line 1: no column is known to hold numbers/],
    ['+919876543210,Asha\n+919876543211,Ravi\n', undefined, /Line 1: the first line must name the columns/],
    ['number,city,city\n1,2,3\n', undefined, /two columns are called “city”/],
    ['number\n1\n', 'phone:number', /map names “phone”, and there is no such column/],
    [`number,${Array.from({ length: 33 }, (_, n) => `a${n}`)}\n`, undefined, /33 columns would be kept, at most 32/],
    ['', undefined, /nothing in the file/],
  ])('of %j with map %j: all rows are refused at once', async (file, map, why) => {
    await refusal(file, map === undefined ? {} : { map }).toThrow(why);
  });
});

describe('a row', () => {
  it('that is no contact is told by its line, with what to do', async () => {
    const file = [
      'number,id,tz,note',
      '+919876543210,1,,',
      '12,2,,',
      ',3,,"two',
      'lines"',
      '9.19E+11,4,,',
      '+919876543211,5,Mars/Base,',
      '+919876543212,6',
      `+919876543213,7,,${'x'.repeat(513)}`,
      `+919876543214,${'8'.repeat(129)},,`,
      '+919876543215,9,+05:30,',
      '+919876543216,10,,caf\0',
    ].join('\r\n');
    const { accepted, rejected, reasons, rows } = await take(file);
    expect({ accepted, rejected, reasons }).toEqual({
      accepted: 1,
      rejected: 9,
      reasons: { 'invalid-number': 2, 'no-number': 1, 'bad-value': 5, unreadable: 1 },
    });
    expect(rows.map(({ line }) => line)).toEqual([3, 4, 6, 7, 8, 9, 10, 11, 12]);
    expect(rows[0]).toEqual({
      line: 3,
      code: 'invalid-number',
      message: 'this is no telephone number: write it with its country, such as +919876543210',
      value: '12',
    });
    expect(rows[2]?.message).toContain('make the column a text');
    expect(rows[6]?.value).toHaveLength(64);
  });

  it('that the store leaves out is told in its place among the others', async () => {
    const as = ({ number }: ListRow): ListedAs =>
      number.endsWith('1') ? 'duplicate' : number.endsWith('2') ? 'do-not-call' : 'added';
    const file = 'number,id\n+919876543211,a\nx,b\n+919876543212,c\n+919876543213,d\n';
    const { rows, listed } = await take(file, { as });
    expect(rows.map(({ line, code, value }) => [line, code, value])).toEqual([
      [2, 'duplicate', '+919876543211'],
      [3, 'invalid-number', 'x'],
      [4, 'do-not-call', '+919876543212'],
    ]);
    expect(listed.map(({ contactId }) => contactId)).toEqual(['d']);
  });

  it('shows no number to those who may not see any', async () => {
    const file = 'number\n+919876543211\n98765432\n9 8 7 6 5\n9.19E+11\n';
    const { rows } = await take(file, { mask: 'masked', as: () => 'duplicate' });
    expect(rows.map(({ value }) => value)).toEqual(['+9198•••••211', '9876•••432', '• • 7 6 5', '•.•9E+11']);
  });

  it('may say in JSON what a CSV cannot', async () => {
    const file = JSON.stringify([
      { number: 919876543210, contactId: 7, attributes: { vip: true, age: 41, city: null }, plan: 'gold', none: null },
      { phone: '+919876543211', deep: { a: 1 } },
      { number: ['+919876543212'] },
      [1],
      { number: '+919876543213', timezone: 5.5 },
    ]);
    for (const [format, text] of [
      ['json', file],
      ['ndjson', (JSON.parse(file) as unknown[]).map((row) => `${JSON.stringify(row)}\r\n`).join('\n')],
    ] as const) {
      const { listed, rows } = await take(text, { format });
      const attributes = { vip: true, age: 41, city: null, plan: 'gold' };
      expect(listed).toEqual([{ number: '+919876543210', contactId: '7', zone: null, attributes }]);
      expect(rows.map(({ code }) => code)).toEqual(['bad-value', 'invalid-number', 'unreadable', 'bad-value']);
    }
  });

  it('in bytes that are no UTF-8 is left out alone', async () => {
    const columns = new Columns(new Map());
    const tally = new Tally('full', null);
    const bytes = inPieces(Buffer.from('number,city\n+919876543210,K\xf6ln\n+919876543211,Pune\n', 'latin1'), 5);
    const taker = { take: async (rows: readonly ListRow[]) => rows.map(() => 'added' as const) };
    const rows = sourceRows({ format: 'csv', bytes, columns });
    await takeRows(rows, { columns, country: null, zones: new Zones([]) }, { tally, taker });
    expect(tally.answer()).toMatchObject({ accepted: 1, reasons: { unreadable: 1 } });
  });
});

describe('a list', () => {
  it('has at most a hundred zones', async () => {
    const zones = Intl.supportedValuesOf('timeZone').slice(0, 99);
    const file = 'number,tz\n+919876543210,Asia/Kolkata\n+919876543211,Europe/Berlin\n+919876543212,Asia/Kolkata\n';
    const { listed, rows } = await take(file, {
      zones: zones.filter((zone) => !/Kolkata|Calcutta|Berlin/.test(zone)).concat('UTC'),
    });
    expect(listed.length + rows.length).toBe(3);
    const { rows: over } = await take(file, { zones: Array.from({ length: 99 }, (_, n) => `Zone/${n}`) });
    expect(over).toMatchObject(
      [{ line: 3, code: 'bad-value', message: /100 time zones already/ }].map(({ message, ...row }) => ({
        ...row,
        message: expect.stringMatching(message),
      })),
    );
  });

  it('is taken a thousand rows at a time', async () => {
    const file = `number\n${Array.from({ length: 2_500 }, (_, n) => `+9198765${String(n).padStart(5, '0')}`).join('\n')}`;
    expect((await take(file)).chunks).toEqual([1_000, 1_000, 500]);
  });

  it('that breaks off keeps what was read before, and is told the line', async () => {
    const listed: ListRow[] = [];
    const as = (row: ListRow): ListedAs => {
      listed.push(row);
      return 'added';
    };
    await refusal('number,name\n+919876543210,a\n+919876543211,"b\n', { as }).toThrow(/^Line 3: a quote is opened/);
    expect(listed.map(({ number }) => number)).toEqual(['+919876543210']);
    await refusal('[{"number":"+919876543210"},\n{"number"', { format: 'json' }).toThrow(
      /^Line 2: the array is not closed/,
    );
  });
});

it('keys seen are known again, and no others', () => {
  const seen = new SeenKeys();
  for (let n = 0; n < 20_000; n += 2) seen.add(`key-${n}`);
  for (let n = 0; n < 20_000; n += 1) expect(seen.has(`key-${n}`)).toBe(n % 2 === 0);
});
