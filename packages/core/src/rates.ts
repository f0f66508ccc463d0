import type { Rate } from '@ringside/protocol';

const Z_95 = 1.959963984540054;

/** One decimal, halves up; free of the binary noise of `x * 1000 / 10`. */
export function percent(numerator: number, denominator: number): number | null {
  if (denominator === 0) return null;
  return Math.floor((numerator * 2000 + denominator) / (2 * denominator)) / 10;
}

/** A share with its 95 % Wilson score interval (Wilson 1927). All `null` for 0 of 0. */
export function rate(numerator: number, denominator: number): Rate {
  if (denominator === 0) return { value: null, numerator, denominator, low: null, high: null };
  const p = numerator / denominator;
  const z2 = Z_95 * Z_95;
  const centre = p + z2 / (2 * denominator);
  const spread = Z_95 * Math.sqrt((p * (1 - p) + z2 / (4 * denominator)) / denominator);
  const scale = 1 + z2 / denominator;
  return {
    value: percent(numerator, denominator),
    numerator,
    denominator,
    low: bound((centre - spread) / scale),
    high: bound((centre + spread) / scale),
  };
}

function bound(share: number): number {
  return Math.min(100, Math.max(0, Math.round(share * 1000) / 10));
}

/** Halves up, for whole seconds. */
export function average(sum: number, count: number): number | null {
  return count === 0 ? null : Math.floor((2 * sum + count) / (2 * count));
}

const MICROS = 1_000_000;

/** Millionths as a decimal string with at least five decimals, exactly: `1842000` → `"1.84200"`. */
export function decimal(micros: number): string {
  const whole = Math.floor(micros / MICROS);
  const fraction = String(micros % MICROS).padStart(6, '0');
  return `${whole}.${fraction.endsWith('0') ? fraction.slice(0, 5) : fraction}`;
}

/** A decimal string as millionths, exactly; `null` when it is not one. Further decimals are cut off. */
export function microsOf(text: string): number | null {
  const match = /^(\d{1,9})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  return Number(match[1]) * MICROS + Number((match[2] ?? '').padEnd(6, '0').slice(0, 6));
}
