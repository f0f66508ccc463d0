import { describe, expect, it } from 'vitest';
import { storable, unstorable } from './text.ts';

describe('texts that a store would not give back', () => {
  it('are found wherever they stand', () => {
    expect(unstorable({ a: ['fine', { b: 'x\0y' }] })).toEqual(['a', '1', 'b']);
    expect(unstorable({ 'na\0me': 1 })).toEqual(['na\uFFFDme']);
    expect(unstorable('half \uD800')).toEqual([]);
  });

  it('are no others', () => {
    expect(unstorable({ a: ['whole \u{1F600}', 1, null, true, { b: 'नमस्ते\n\t' }] })).toBeNull();
  });

  it('become readable ones where nothing may be refused', () => {
    expect(storable('a\0b\uDC00c\u{1F600}')).toBe('a\uFFFDb\uFFFDc\u{1F600}');
  });
});
