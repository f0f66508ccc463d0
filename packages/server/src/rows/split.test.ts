import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect, inPieces } from '../testing/pieces.ts';
import { ArrayBroken, arrayItems } from './array-items.ts';
import { linesOf } from './lines.ts';

const MOST = 2_000;
const items = async (text: string, size = 3) => collect(arrayItems(inPieces(text, size), MOST));
const lines = async (text: string | Uint8Array, size = 3) => collect(linesOf(inPieces(text, size), MOST));

describe('items of a JSON array', () => {
  it('are what was written, however it is spaced and cut', async () => {
    const spacing = fc.constantFrom(0, 1, 2, '\t');
    const value = fc.jsonValue({ maxDepth: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 5 }),
        spacing,
        fc.constantFrom(1, 5, 10_000),
        async (all, space, size) => {
          const read = await collect(
            arrayItems(inPieces(`\ufeff ${JSON.stringify(all, null, space)}\n`, size), 1_000_000),
          );
          expect(read.map(({ text }) => JSON.parse(text ?? ''))).toEqual(JSON.parse(JSON.stringify(all)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are told by the line on which each begins', async () => {
    expect(await items('[{"a":\n1},\n\n {"a":2}, 3\n]')).toEqual([
      { line: 1, text: '{"a":\n1}' },
      { line: 4, text: '{"a":2}' },
      { line: 4, text: '3\n' },
    ]);
  });

  it('that are too long are left out, and the next ones are read', async () => {
    const read = await items(`[{"a":"${'x'.repeat(3 * MOST)}"},\n{"a":1}]`, 100);
    expect(read).toEqual([
      { line: 1, text: null },
      { line: 2, text: '{"a":1}' },
    ]);
  });

  it.each([
    ['', 1, 'no JSON array'],
    ['{"a":1}', 1, 'must be one JSON array'],
    ['[1,\n2', 2, 'not closed'],
    ['[1,\n"2', 2, 'not closed'],
    ['[1,\n]', 2, 'missing'],
    ['[1,,2]', 1, 'missing'],
    ['[1]\n[2]', 2, 'follows'],
  ])('cannot be found in %j', async (text, line, why) => {
    const reading = items(text);
    await expect(reading).rejects.toThrow(ArrayBroken);
    await expect(reading).rejects.toMatchObject({ line, message: expect.stringContaining(why) });
  });
});

describe('lines', () => {
  it.each([1, 2, 1_000])('are what was written, in pieces of %i bytes', async (size) => {
    const read = await lines('é😀\n\nb\r\nlast', size);
    expect(read.map(({ text }) => text)).toEqual(['é😀', '', 'b\r', 'last']);
    expect(read.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
  });

  it('that are too long or not UTF-8 are left out, and the next ones are read', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${'x'.repeat(MOST + 1)}\n`),
      Buffer.from([0xff, 0x0a]),
      Buffer.from('ok'),
    ]);
    expect((await lines(bytes, 64)).map(({ text }) => text)).toEqual([null, null, 'ok']);
  });
});
