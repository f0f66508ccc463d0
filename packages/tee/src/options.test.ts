import { describe, expect, it } from 'vitest';
import { settingsOf, type TeeOptions } from './options.ts';

const good: TeeOptions = { url: 'https://ringside.example/', key: 'k', publicUrl: 'https://Calls.example:8443/in/' };

describe('options', () => {
  it('keep the public URL as it is written, but for the slash at its end', () => {
    expect(settingsOf(good)).toMatchObject({
      endpoint: 'https://ringside.example/v1/providers/plivo/raw',
      publicUrl: 'https://Calls.example:8443/in',
      maxItems: 10_000,
      maxBytes: 16_777_216,
      maxAgeMs: 86_400_000,
      queueFile: null,
    });
  });

  it.each([
    [{ key: '' }, 'key'],
    [{ url: 'ringside.example' }, 'url'],
    [{ url: 'ftp://ringside.example' }, 'url'],
    [{ publicUrl: 'https://calls.example?x=1' }, 'publicUrl'],
    [{ maxItems: 0 }, 'maxItems'],
    [{ maxBytes: 1.5 }, 'maxBytes'],
    [{ maxAgeMs: Number.NaN }, 'maxAgeMs'],
  ])('%j cannot be used', (bad, name) => {
    expect(() => settingsOf({ ...good, ...bad })).toThrow(new RegExp(`^ringside tee: ${name} must be`));
  });
});
