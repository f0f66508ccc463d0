/**
 * Pseudo-random numbers from a seed: the same seed gives the same numbers on every machine, so a forecast is a
 * function of its input. The generator is mulberry32 (T. Ettinger, public domain): 32 bits of state, far more than
 * the few thousand draws of one run need.
 */
export class Random {
  private state: number;
  private spare: number | null = null;

  constructor(seed: number) {
    // Neighbouring seeds would start alike; a multiplicative hash (Knuth) sets them apart.
    this.state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
    this.next();
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let x = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  }

  /** Standard normal, by the polar method of Marsaglia. */
  normal(): number {
    if (this.spare !== null) {
      const kept = this.spare;
      this.spare = null;
      return kept;
    }
    for (;;) {
      const u = 2 * this.next() - 1;
      const v = 2 * this.next() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.spare = v * scale;
      return u * scale;
    }
  }

  /** Exponential of mean 1. */
  exponential(): number {
    return -Math.log(1 - this.next());
  }

  /** Beta(a, b) as a ratio of gammas. Both above 0. */
  beta(a: number, b: number): number {
    const x = this.gamma(a);
    const y = this.gamma(b);
    return x + y > 0 ? x / (x + y) : a / (a + b);
  }

  /** Successes of `n` trials; above 16 trials by the normal approximation, rounded. */
  binomial(n: number, p: number): number {
    if (n <= 16) {
      let successes = 0;
      for (let i = 0; i < n; i++) if (this.next() < p) successes++;
      return successes;
    }
    const drawn = Math.round(n * p + Math.sqrt(n * p * (1 - p)) * this.normal());
    return Math.min(n, Math.max(0, drawn));
  }

  /** Gamma of shape `a` and scale 1: Marsaglia and Tsang (2000), with their boost below shape 1. */
  private gamma(a: number): number {
    if (a < 1) return this.gamma(a + 1) * (1 - this.next()) ** (1 / a);
    const d = a - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v <= 0) continue;
      if (Math.log(1 - this.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }
}

/** Inverse of the standard normal distribution, by Acklam's rational approximation (relative error 1.15e-9). */
export function normalQuantile(p: number): number {
  const tail = 0.02425;
  if (p < tail) return tailQuantile(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - tail) return -tailQuantile(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  const a = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716];
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572];
  return (q * (horner(a, r) * r + 2.506628277459239)) / (horner(b, r) * r + 1);
}

function tailQuantile(q: number): number {
  const c = [-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  return (horner(c, q) * q + 2.938163982698783) / (horner(d, q) * q + 1);
}

/** Highest power first. */
function horner(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

/** Numbers spread evenly over (0, 1) by the golden ratio, so that even a few of them cover its ends. */
export function evenly(index: number): number {
  return (0.5 + index * 0.618033988749895) % 1;
}
