import { expect, it } from 'vitest';
import { CursorSeal } from './cursor-seal.ts';

const seal = new CursorSeal(Buffer.alloc(32, 7));
const place = ['number:+919812345678', 42];

it('gives back what it sealed, to the same query only', () => {
  const cursor = seal.seal(place, 'query');
  expect(seal.open(cursor, 'query')).toEqual(place);
  expect(seal.open(cursor, 'another query')).toBeNull();
  expect(new CursorSeal(Buffer.alloc(32, 8)).open(cursor, 'query')).toBeNull();
});

it('shows nothing of it', () => {
  const cursor = seal.seal(place, 'query');
  expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('9812345678');
  expect(seal.seal(place, 'query')).not.toBe(cursor);
});

it('refuses a cursor of which any part was changed, or that is none', () => {
  const bytes = Buffer.from(seal.seal(place, 'query'), 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(seal.open(changed.toString('base64url'), 'query')).toBeNull();
  }
  for (const text of ['', 'abc', '%', 'A'.repeat(500)]) expect(seal.open(text, 'query')).toBeNull();
});
