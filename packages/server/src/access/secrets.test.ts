import { expect, it } from 'vitest';
import { hashOf, newKey, newSecret, prefixOf, withoutSecrets } from './secrets.ts';

it('makes keys that differ, are long enough, and tell only how they begin', () => {
  const keys = Array.from({ length: 100 }, newKey);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) {
    expect(Buffer.from(key.slice('rsk_'.length), 'base64url')).toHaveLength(32);
    expect(prefixOf(key)).toHaveLength(8);
    expect(hashOf(key)).not.toContain(key.slice(4, 12));
  }
});

it.each([
  ['a key', `no key ${'rsk_0a-b_'.padEnd(47, 'x')} here`, 'no key rsk_… here'],
  ['a JWT', `token ${'e'.repeat(36)}.${'f'.repeat(60)}.${'g'.repeat(43)}!`, 'token eeee….ffff….gggg…!'],
])('leaves %s out of a text', (_what, text, expected) => {
  expect(withoutSecrets(text)).toBe(expected);
});

it('leaves ids as they are', () => {
  const text = 'call 0b5c1f9e-8f5a-4c58-9a0a-5d6f0a4a1c11 of 68a1b2c3d4e5f60718293a4b, key key_0a1b2c3d4e5f';
  expect(withoutSecrets(text)).toBe(text);
  expect(withoutSecrets(`x ${newSecret()}`)).toMatch(/^x .{4}…$/);
});
