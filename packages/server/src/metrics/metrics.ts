import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';
import type { Distribution } from './distribution.ts';

export type Labels = Readonly<Record<string, string>>;

/** One line of the exposition. */
export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
  /** Where it is not the metric's own: `…_bucket`, `…_sum`, `…_count`. */
  readonly metricName?: string;
}

/** What a metric is at the moment: one value, or one for each combination of labels. */
type Read = () => number | readonly Sample[] | Promise<number | readonly Sample[]>;

/** A histogram, for each combination of labels. */
export interface Distributed {
  readonly labels?: Labels;
  readonly distribution: Distribution;
}

/**
 * What `GET /metrics` shows. Parts of the server count for themselves, in plain numbers; everything is read when somebody
 * asks, so that the ways of callbacks and polls pay nothing for it. Labels name no workspace, campaign, key or number.
 */
export class Metrics {
  readonly #registry = new Registry();

  /** Something that goes up and down. @param name with its unit, in seconds or bytes; `ringside_` comes before it */
  gauge(name: string, help: string, read: Read): void {
    this.#add('gauge', name, help, read);
  }

  /** Something that only grows while the process lives. @param name ends in `_total` */
  counter(name: string, help: string, read: Read): void {
    this.#add('counter', name, help, read);
  }

  histogram(name: string, help: string, read: () => readonly Distributed[]): void {
    const full = `ringside_${name}`;
    this.#add('histogram', name, help, () =>
      read().flatMap(({ distribution, labels }) => distribution.samples(full, labels)),
    );
  }

  /** Processor, memory, garbage collection and event loop of this process. What measures them ends with the process. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything as it is now, in Prometheus's text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #add(type: 'gauge' | 'counter' | 'histogram', name: string, help: string, read: Read): void {
    const full = `ringside_${name}`;
    const get = async () => {
      const now = await read();
      return { name: full, help, type, values: typeof now === 'number' ? [{ value: now }] : now };
    };
    // A registry asks its metrics for nothing else. The library's own ones hold values that somebody must set.
    this.#registry.registerMetric({ name: full, get } as unknown as Metric);
  }
}
