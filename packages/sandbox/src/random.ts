import { createHash } from 'node:crypto';

/** The next number of a sequence, at least 0 and below 1. */
export type Random = () => number;

/**
 * A sequence that depends on nothing but `parts`: the sfc32 generator started from their hash. All 128 bits of its
 * state are seeded, so the sequences of a million calls do not meet.
 */
export function seededRandom(...parts: readonly (string | number)[]): Random {
  const digest = hash(parts);
  let [a, b, c, counter] = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)) as [
    number,
    number,
    number,
    number,
  ];
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** An id in the form of a version 4 UUID that depends on nothing but `parts`. */
export function seededUuid(...parts: readonly (string | number)[]): string {
  const hex = hash(['uuid', ...parts]).toString('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function chance(random: Random, probability: number): boolean {
  return random() < probability;
}

export function between(random: Random, low: number, high: number): number {
  return low + random() * (high - low);
}

/** A log-normal draw: half of all draws lie below `median`, and `sigma` is the spread of the logarithm. */
export function logNormal(random: Random, median: number, sigma: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
}

/** One of `choices`, each as likely as its weight says. There must be at least one. */
export function pick<T>(random: Random, choices: readonly (readonly [value: T, weight: number])[]): T {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random() * total;
  for (const [value, weight] of choices) {
    left -= weight;
    if (left < 0) return value;
  }
  const last = choices.at(-1);
  if (last === undefined) throw new Error('there is nothing to pick from');
  return last[0];
}

function hash(parts: readonly (string | number)[]): Buffer {
  return createHash('sha256').update(parts.join('\u0000')).digest();
}
