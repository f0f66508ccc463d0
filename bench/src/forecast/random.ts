/**
 * Random numbers of the truth: xorshift128 (Marsaglia 2003). Not the generator of the forecast, so that the two
 * simulations share nothing.
 */
export class Dice {
  private x: number;
  private y = 362436069;
  private z = 521288629;
  private w = 88675123;

  constructor(seed: number) {
    this.x = (123456789 ^ Math.imul(seed, 0x85ebca6b)) >>> 0 || 1;
    for (let i = 0; i < 20; i++) this.roll();
  }

  /** Uniform in [0, 1). */
  roll(): number {
    const t = this.x ^ (this.x << 11);
    this.x = this.y;
    this.y = this.z;
    this.z = this.w;
    this.w = (this.w ^ (this.w >>> 19) ^ t ^ (t >>> 8)) >>> 0;
    return this.w / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.roll();
  }

  /** Uniform on the logarithmic scale. */
  spread(low: number, high: number): number {
    return low * (high / low) ** this.roll();
  }

  whole(low: number, high: number): number {
    return low + Math.floor(this.roll() * (high - low + 1));
  }

  chance(p: number): boolean {
    return this.roll() < p;
  }

  pick<T>(first: T, ...rest: readonly T[]): T {
    return [first, ...rest][Math.floor(this.roll() * (rest.length + 1))] ?? first;
  }

  /** Normal, by Box and Muller. */
  bell(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.roll()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.roll());
  }

  waiting(mean: number): number {
    return -mean * Math.log(1 - this.roll());
  }

  /** Beta as a ratio of gammas, each by the squeeze of Marsaglia and Tsang (2000). */
  beta(a: number, b: number): number {
    const x = this.#gamma(a);
    return x / (x + this.#gamma(b) || 1);
  }

  #gamma(shape: number): number {
    if (shape < 1) return this.#gamma(shape + 1) * (1 - this.roll()) ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = this.bell();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - this.roll()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
    }
  }
}
