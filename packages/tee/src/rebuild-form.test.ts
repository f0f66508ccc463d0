import { parse } from 'node:querystring';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rebuildForm } from './rebuild-form.ts';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

describe('a form put together again', () => {
  it('says the same as the one that was parsed', () => {
    const names = fc.string({ minLength: 1, unit: 'binary' }).filter((name) => name !== '__proto__');
    const texts = fc.string({ unit: 'binary' });
    const values = fc.oneof(texts, fc.array(texts, { minLength: 2, maxLength: 4 }));
    fc.assert(
      fc.property(fc.dictionary(names, values, { minKeys: 1 }), (fields) => {
        expect({ ...parse(rebuildForm(FORM, fields) ?? '') }).toEqual({ ...fields });
      }),
    );
  });

  it('keeps blank values, which are signed too', () => {
    expect(rebuildForm(FORM, { AnswerTime: '', Duration: '0' })).toBe('AnswerTime=&Duration=0');
  });

  it.each([
    ['nested fields', { a: { b: 'c' } }],
    ['a list of one', { a: ['b'] }],
    ['nested lists', { a: ['b', ['c']] }],
    ['numbers', { a: 1 }],
    ['nothing', {}],
    ['no fields', undefined],
    ['a list', ['a']],
  ])('is not made of %s', (_name, fields) => {
    expect(rebuildForm(FORM, fields)).toBeNull();
  });

  it('is not made of another type', () => {
    expect(rebuildForm('application/json', { a: 'b' })).toBeNull();
    expect(rebuildForm(undefined, { a: 'b' })).toBeNull();
  });
});
