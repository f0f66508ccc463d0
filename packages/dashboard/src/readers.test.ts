import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  browserCountry,
  browserZone,
  browserZones,
  countryName,
  isoOf,
  readCurrency,
  readInstant,
  readPathPart,
  readRegion,
  readStored,
  readZone,
  writeStored,
} from './readers.ts';

/** Texts that no reader knows, as a browser, a store, a callback or an API may bring them. */
const GARBAGE = [
  '',
  ' ',
  'soon',
  'foo 1',
  '-',
  '\u0000',
  '💥',
  '%',
  '%E0%A4%A',
  '__proto__',
  'null',
  'NaN',
  '99999999999',
];

afterEach(() => vi.unstubAllGlobals());

describe('an instant', () => {
  test.each([...GARBAGE, '2026-11-23', '2026-11-23T10:00:00', '2026-13-23T10:00:00Z', '1', null, undefined])(
    'is not “%s”',
    (text) => {
      expect(readInstant(text)).toBeNaN();
      expect(isoOf(text)).toBeNull();
    },
  );

  test('is what the API writes, and epoch milliseconds that a date can have', () => {
    const at = Date.UTC(2026, 10, 23, 10);
    for (const moment of [
      '2026-11-23T10:00:00Z',
      '2026-11-23T10:00:00.000Z',
      '2026-11-23T15:30:00+05:30',
      at,
      new Date(at),
    ])
      expect(readInstant(moment)).toBe(at);
    expect(readInstant(8.64e15 + 1)).toBeNaN();
    expect(isoOf(at)).toBe('2026-11-23T10:00:00.000Z');
  });
});

describe('a time zone', () => {
  test.each([...GARBAGE, 'Foo/Bar', null, undefined, 5, {}])('is UTC for %s', (name) => {
    expect(readZone(name)).toBe('UTC');
  });

  test('keeps its name where the browser knows it', () => {
    expect(readZone('Asia/Kolkata')).toBe('Asia/Kolkata');
    expect(readZone('America/St_Johns')).toBe('America/St_Johns');
  });

  test('of the browser is UTC where it names none', () => {
    for (const timeZone of [undefined, '', 'Foo/Bar']) {
      vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValueOnce({
        timeZone,
      } as Intl.ResolvedDateTimeFormatOptions);
      expect(browserZone()).toBe('UTC');
    }
  });

  test('is none of a list where the browser has no list', () => {
    vi.stubGlobal('Intl', { ...Intl, supportedValuesOf: undefined });
    expect(browserZones()).toEqual([]);
  });
});

describe('a country', () => {
  test.each([...GARBAGE, 'en-US@posix', 'C', 'en_US.UTF-8', 'en', 'es-419', 'zh-Hant', undefined, null, 5])(
    'is not named by the language %s',
    (language) => {
      expect(readRegion(language)).toBe('');
      vi.stubGlobal('navigator', { language });
      expect(browserCountry()).toBe('');
    },
  );

  test('is that of the first language that names one', () => {
    vi.stubGlobal('navigator', { language: 'en', languages: ['en-US@posix', 'en', 'hi-IN', 'de-DE'] });
    expect(browserCountry()).toBe('IN');
    vi.stubGlobal('navigator', { language: 'ar-EG', languages: [] });
    expect(browserCountry()).toBe('EG');
  });

  test('keeps its code where it has no name', () => {
    expect(countryName('IN')).toBe('India');
    for (const text of GARBAGE) expect(countryName(text)).toBe(text);
  });
});

test.each([...GARBAGE, 'Rs', 'RUPEE', null, undefined, 5])('“%s” is no currency', (code) => {
  expect(readCurrency(code)).toBeNull();
});

test('a currency is known by its code', () => {
  expect(readCurrency('INR')).toBe('INR');
});

test('a part of an address is decoded once, and stays as it stands where that fails', () => {
  expect([readPathPart('a%3Ab'), readPathPart('100%25'), readPathPart('100%2525')]).toEqual(['a:b', '100%', '100%25']);
  expect([readPathPart('100%'), readPathPart('%E0%A4%A'), readPathPart(undefined)]).toEqual(['100%', '%E0%A4%A', '']);
});

describe('a choice', () => {
  const blocked = (): never => {
    throw new DOMException('Access is denied for this document.', 'SecurityError');
  };

  test('lasts as long as the page where storage is blocked or full', () => {
    vi.stubGlobal('localStorage', { getItem: blocked, setItem: blocked });
    expect(readStored('a')).toBeNull();
    writeStored('a', 'dark');
    expect(readStored('a')).toBe('dark');
  });

  test('lies in the storage of the browser', () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
    writeStored('b', 'light');
    expect(kept.get('b')).toBe('light');
    expect(readStored('b')).toBe('light');
  });
});
