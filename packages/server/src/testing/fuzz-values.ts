/** The next number of a sequence, at least 0 and below 1. */
type Random = () => number;

/** Texts that have broken servers. */
const texts = [
  '',
  ' ',
  '\0',
  '\uFEFF',
  '\uD800',
  '😀',
  'x'.repeat(5_000),
  '9'.repeat(400),
  `${'a'.repeat(60)}!`,
  "' OR 1=1 --",
  '"; DROP TABLE calls; --',
  '<script>alert(1)</script>',
  '=1+1',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  '%00',
  '%s%n',
  '1e309',
  'NaN',
  '-0',
  '2025-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  '1970-01-01T00:00:00Z',
  '[object Object]',
] as const;

const values = [
  null,
  true,
  false,
  0,
  -1,
  0.1,
  1e308,
  -1e308,
  2 ** 53,
  5e-324,
  [],
  {},
  [[]],
  [null],
  { a: {} },
] as const;

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

export function nastyText(random: Random): string {
  if (random() < 0.7) return pick(random, texts);
  const length = Math.floor(random() * 40);
  return String.fromCharCode(...Array.from({ length }, () => Math.floor(random() * 0xffff)));
}

export function nastyValue(random: Random): unknown {
  return random() < 0.5 ? nastyText(random) : pick(random, values);
}

/** A copy of a JSON value with something wrong in one place. */
export function spoiled(random: Random, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.1) return nastyValue(random);
  if (Array.isArray(value)) return spoiledList(random, value);
  const members = Object.entries(value);
  const at = Math.floor(random() * members.length);
  switch (Math.floor(random() * 4)) {
    case 0:
      return Object.fromEntries(members.filter((_, i) => i !== at));
    case 1:
      return Object.fromEntries([...members, [nastyText(random), nastyValue(random)]]);
    default:
      return Object.fromEntries(
        members.map(([name, member], i) => [name, i === at ? spoiled(random, member) : member]),
      );
  }
}

function spoiledList(random: Random, list: readonly unknown[]): unknown {
  const at = Math.floor(random() * list.length);
  if (random() < 0.2) return [...list, nastyValue(random)];
  if (random() < 0.1) return [list, list];
  return list.map((item, i) => (i === at ? spoiled(random, item) : item));
}

/** Bytes that are no JSON, or JSON that no reader should trust. */
export function brokenJson(random: Random, value: unknown): Buffer {
  const bytes = Buffer.from(JSON.stringify(value));
  const at = Math.floor(random() * bytes.length);
  switch (Math.floor(random() * 7)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xc3, 0x28, 0xff, 0xfe]), bytes.subarray(at)]);
    case 2:
      return Buffer.from('['.repeat(20_000));
    case 3:
      return Buffer.from(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`);
    case 4:
      return Buffer.from(`{"__proto__":{"admin":true},"constructor":{"prototype":{}},${bytes.toString().slice(1)}`);
    case 5:
      return Buffer.concat([Buffer.from('\uFEFF'), bytes]);
    default: {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      return flipped;
    }
  }
}

/** Percent-encodes bytes; some stay as they are, and some are no UTF-8. */
export function encoded(random: Random, text: string): string {
  const bytes = random() < 0.1 ? Buffer.from([0xe0, 0xa4, 0x41]) : Buffer.from(text);
  return [...bytes]
    .map((byte) => {
      const isPlain = /[A-Za-z0-9._~-]/.test(String.fromCharCode(byte));
      return isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('')
    .slice(0, random() < 0.95 ? 300 : 6_000);
}
