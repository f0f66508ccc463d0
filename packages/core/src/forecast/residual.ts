import type { Handling } from './handling.ts';
import type { Random } from './random.ts';

/** Rest of a live call, seconds, and whether it will have reached its contact. */
export interface Residual {
  readonly seconds: number;
  readonly reached: boolean;
}

/** A call older than any seen is expected to last this much longer, relative to its age. */
const BEYOND = 0.3;

/**
 * Draws the rest of a call of the given age: of the calls that lasted longer, any is as likely.
 * @param longestOf draws the longest of so many such calls: the largest of n uniform numbers is u^(1/n)
 */
export function residualAt(age: number, { any, anyReached }: Handling, random: Random, longestOf = 1): Residual {
  const from = firstAbove(any, age);
  if (from >= any.length) {
    return { seconds: random.exponential() * Math.max(5, BEYOND * age), reached: anyReached[any.length - 1] === 1 };
  }
  const uniform = longestOf === 1 ? random.next() : random.next() ** (1 / longestOf);
  const index = from + Math.floor(uniform * (any.length - from));
  return { seconds: (any[index] ?? age) - age, reached: anyReached[index] === 1 };
}

/** Draws the rest of a call met at a random moment: found in proportion to its length, at any point of it. */
export function residualOfAny({ any, anyPassed, anyReached }: Handling, random: Random): Residual {
  const index = firstAbove(anyPassed, random.next() * (anyPassed.at(-1) ?? 0));
  return { seconds: (any[index] ?? 0) * random.next(), reached: anyReached[index] === 1 };
}

/** Index of the first value above `limit`; the length when there is none. */
function firstAbove(ascending: Float64Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
