import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect, inPieces } from '../testing/pieces.ts';
import { CsvBroken, type CsvRecord, csvRecords } from './csv-records.ts';

async function read(file: string | Uint8Array, size = 7): Promise<CsvRecord[]> {
  return collect(csvRecords(inPieces(file, size)));
}

const cellsOf = (records: readonly CsvRecord[]) => records.map(({ cells }) => cells);
const linesOf = (records: readonly CsvRecord[]) => records.map(({ line }) => line);

describe('records of a CSV', () => {
  it('are what was written, in any of its dialects and in pieces of one byte', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', ',', ';', '\t', '\n', '\r\n', ' ', '7') });
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((columns) =>
        fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 6 }),
      );
    const dialect = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t'),
      record_delimiter: fc.constantFrom('\n', '\r\n'),
      bom: fc.boolean(),
      quoted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(table, dialect, fc.constantFrom(1, 2, 1_000), async (rows, options, size) => {
        // A header decides the separator and the line ends, as in files that people have.
        const header = (rows[0] ?? []).map((_, n) => `column${n}`);
        const text = stringify([header, ...rows], { ...options, quoted_empty: true });
        const records = await read(text, size);
        expect(cellsOf(records)).toEqual([header, ...rows]);
        let line = 1;
        const begins = [header, ...rows].map((row) => {
          const begun = line;
          line += 1 + row.join('').split(/\r\n|\n|\r/).length - 1;
          return begun;
        });
        expect(linesOf(records)).toEqual(begins);
      }),
      { numRuns: 300 },
    );
  });

  it('begin where they begin: after empty lines, and after cells of several lines', async () => {
    expect(linesOf(await read('a,b\n\n\n1,"x\ny"\n2,3\n'))).toEqual([1, 4, 6]);
    expect(linesOf(await read('a,b\r\n\r\n1,"x\r\ny"\r\n2,3\r\n'))).toEqual([1, 3, 5]);
  });

  it('may be UTF-16, as a spreadsheet writes it', async () => {
    const file = Buffer.from('\ufeffname\tnumber\r\nZoë\t919876543210\r\n', 'utf16le');
    expect(cellsOf(await read(file))).toEqual([
      ['name', 'number'],
      ['Zoë', '919876543210'],
    ]);
  });

  it('that cannot be read are told in their place, and the next ones are read', async () => {
    const records = await read('a,b\r\n1,2"x"\r\n3,"4\r\n"\r\n5,6"y\r\n7,8\r\n');
    expect(records.map(({ line, reason }) => [line, reason !== null])).toEqual([
      [1, false],
      [2, true],
      [3, false],
      [5, true],
      [6, false],
    ]);
  });

  it.each([
    ['a quote that nobody closes', `a,b\n1,2\n"3,4\n5,6\n`],
    ['a row without an end', `a,b\n1,2\n${'x'.repeat(1_100_000)},4\n5,6\n`],
  ])('end at %s, and say so', async (_, text) => {
    const records: CsvRecord[] = [];
    const reading = (async () => {
      for await (const record of csvRecords(inPieces(text, 65_536))) records.push(record);
    })();
    await expect(reading).rejects.toThrow(CsvBroken);
    await expect(reading).rejects.toMatchObject({ line: 3 });
    expect(linesOf(records)).toEqual([1, 2]);
  });

  it('end with the error of what they are read from', async () => {
    const torn = async function* () {
      yield Buffer.from('a,b\n1,2\n');
      throw new Error('torn');
    };
    await expect(collect(csvRecords(torn()))).rejects.toThrow('torn');
  });
});
