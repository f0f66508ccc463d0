import { describe, expect, it } from 'vitest';
import { listedNumber } from './listed-number.ts';

const MEANT = '+919876543210';

describe('a number of a list', () => {
  it.each([
    ['+919876543210', null],
    ['+91 98765-43210', null],
    ['919876543210', null],
    ['00919876543210', null],
    ['9876543210', 'IN'],
    ['09876543210', 'IN'],
    ['919876543210', 'IN'],
    ['(0) 98765 43210', 'IN'],
    ["'919876543210", null],
    ['="919876543210"', null],
    ['919876543210.0', null],
    ['9.19876543210E+11', null],
    ['tel:+91-98765-43210', null],
    ['\u202a+91 98765\u00a043210\u202c', null],
    ['+91 98765‑43210', null],
    ['＋９１９８７６５４３２１０', null],
  ])('%s of a list from %s is meant so', (cell, country) => {
    expect(listedNumber(cell, country)).toEqual({ number: MEANT });
  });

  it('drops the zero of the country itself from an international number', () => {
    expect(listedNumber('+44 (0)20 7946 0958', null)).toEqual({ number: '+442079460958' });
  });

  it('takes a number of another country than the list', () => {
    expect(listedNumber('919876543210', 'US')).toEqual({ number: MEANT });
    expect(listedNumber('+14155550123', 'IN')).toEqual({ number: '+14155550123' });
  });

  it.each(['', '   ', "'", '\u200b'])('finds none in “%s”', (cell) => {
    expect(listedNumber(cell, 'IN')).toEqual({ wrong: 'no-number' });
  });

  it.each(['9.19E+11', '9,19E+11', '9E+11', '9.1987654321E+11'])('does not guess the digits that %s lost', (cell) => {
    expect(listedNumber(cell, 'IN')).toEqual({ wrong: 'shortened' });
  });

  it.each([
    'n/a',
    '12345',
    '+91 98765 43',
    '1-800-FLOWERS',
    '98765 43210 / 98765 43211',
    'sip:a@b.example',
    '+0123456789',
  ])('refuses %s', (cell) => {
    expect(listedNumber(cell, 'IN')).toEqual({ wrong: 'not-a-number' });
  });

  it.each(['98765432', '9876543210'])('does not take %s, of which nobody says the country, for one of Iran', (cell) => {
    expect(listedNumber(cell, null)).toEqual({ wrong: 'not-a-number' });
  });

  it('reads its own answer as the same number', () => {
    expect(listedNumber(MEANT, null)).toEqual({ number: MEANT });
  });
});
