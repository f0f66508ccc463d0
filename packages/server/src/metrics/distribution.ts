import type { Labels, Sample } from './metrics.ts';

/**
 * Counts of values up to each of some bounds, as a Prometheus histogram wants them. To observe costs a few nanoseconds:
 * the library's own histogram hashes its labels each time, which a poll would feel.
 */
export class Distribution {
  readonly #bounds: readonly number[];
  /** One more than bounds: the last is for what is beyond them. */
  readonly #counts: Float64Array;
  #sum = 0;

  /** @param bounds ascending */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let at = 0;
    while (at < bounds.length && value > (bounds[at] ?? 0)) at += 1;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += value;
  }

  /** As it is exposed: cumulative buckets, sum and count. @param name of the histogram */
  samples(name: string, labels: Labels = {}): Sample[] {
    let total = 0;
    const buckets = [...this.#counts].map((count, index): Sample => {
      total += count;
      const le = this.#bounds[index] ?? '+Inf';
      return { metricName: `${name}_bucket`, labels: { ...labels, le: String(le) }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: total },
    ];
  }
}
