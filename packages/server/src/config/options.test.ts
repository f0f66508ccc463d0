import { expect, it } from 'vitest';
import { loadConfig } from './options.ts';

it.each([
  ['NATS_URL', 'nats://me:50%secret@host:4222', 'percent-encoded'],
  ['DATABASE_URL', 'postgres://50%secret@host/db', 'percent-encoded'],
  ['PLIVO_TIMEZONE', 'Foo/Bar', 'IANA time zone'],
  ['PLIVO_TIMEZONE', 'en-US@posix', 'IANA time zone'],
])('%s=%s is refused at the start, with what to do', (name, value, advice) => {
  expect(() => loadConfig({ [name]: value })).toThrow(advice);
  expect(() => loadConfig({ [name]: value })).not.toThrow(/secret/);
});

it('a user and a password may hold any character, encoded', () => {
  const url = 'postgres://me:50%25%40@host/db';
  expect(loadConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
});
