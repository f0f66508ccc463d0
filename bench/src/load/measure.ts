import { percentile } from '../lib/numbers.ts';
import type { Load, LoadResult } from './load.ts';
import { Sender } from './sender.ts';

/** The server has gone quiet if nothing came for so long. */
const STALLED_MS = 30_000;

/** Opens the connections, and returns what starts the clock. */
export async function openConnections(load: Load, requests: readonly Buffer[]): Promise<() => Promise<LoadResult>> {
  const run = new Run(load, requests);
  await run.open();
  return () => run.measure();
}

class Run {
  readonly #load: Load;
  readonly #requests: readonly Buffer[];
  readonly #senders: Sender[] = [];
  readonly #latencies: number[] = [];
  #sent = 0;
  #answered = 0;
  #remarked = 0;
  #active = 0;
  #windowFrom = 0;
  #windowTo = 0;
  #lastAt = 0;
  #cpuBefore: NodeJS.CpuUsage | null = null;
  #ownCpu = 0;
  #finish: () => void = () => {};
  #fail: (error: Error) => void = () => {};

  constructor(load: Load, requests: readonly Buffer[]) {
    this.#load = load;
    this.#requests = requests;
  }

  open(): Promise<void> {
    const { connections, url } = this.#load;
    const urls = [url].flat().map((one) => new URL(one));
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      let opened = 0;
      const hooks = {
        next: () => this.#next(),
        answered: (status: number, ms: number, end: Buffer) => this.#take(status, ms, end),
        ended: () => this.#end(),
        failed: (error: Error) => this.#fail(error),
      };
      const isOpen = (): void => {
        if (++opened === connections) resolve();
      };
      for (let i = 0; i < connections; i += 1) {
        const to = urls[i % urls.length];
        if (to) this.#senders.push(new Sender(to, hooks, isOpen));
      }
    });
  }

  async measure(): Promise<LoadResult> {
    const { warmSeconds, seconds } = this.#load;
    const startedAt = performance.now();
    this.#lastAt = startedAt;
    this.#windowFrom = startedAt + warmSeconds * 1_000;
    this.#windowTo = this.#windowFrom + seconds * 1_000;
    this.#active = this.#senders.length;
    const watch = setInterval(() => {
      if (performance.now() - this.#lastAt > STALLED_MS) this.#fail(new Error('the server stopped answering'));
    }, 1_000);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#finish = resolve;
        this.#fail = reject;
        for (const sender of this.#senders) sender.send();
      });
    } finally {
      clearInterval(watch);
    }
    return this.#result();
  }

  #next(): Buffer | null {
    if (this.#lastAt >= this.#windowTo) return null;
    if (this.#sent >= this.#requests.length && !this.#load.repeat) return null;
    return this.#requests[this.#sent++ % this.#requests.length] ?? null;
  }

  #take(status: number, ms: number, end: Buffer): void {
    if (status !== this.#load.status) throw new Error(`an answer was ${status}, not ${this.#load.status}: ${end}`);
    this.#answered += 1;
    if (this.#load.remark !== undefined && end.includes(this.#load.remark)) this.#remarked += 1;
    this.#lastAt = performance.now();
    if (this.#lastAt < this.#windowFrom) return;
    this.#cpuBefore ??= process.cpuUsage();
    if (this.#lastAt < this.#windowTo) this.#latencies.push(ms);
    else this.#measureCpu();
  }

  #measureCpu(): void {
    if (this.#ownCpu > 0 || this.#cpuBefore === null) return;
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    this.#ownCpu = (user + system) / 1_000 / (this.#lastAt - this.#windowFrom);
  }

  #end(): void {
    this.#active -= 1;
    if (this.#active === 0) this.#finish();
  }

  #result(): LoadResult {
    this.#measureCpu();
    if (this.#latencies.length === 0) throw new Error('all requests were sent before the warm-up was over');
    const spent = Math.min(this.#lastAt, this.#windowTo) - this.#windowFrom;
    const sorted = Float64Array.from(this.#latencies).sort();
    return {
      perSecond: (sorted.length * 1_000) / spent,
      p50: percentile(sorted, 0.5),
      p99: percentile(sorted, 0.99),
      answered: this.#answered,
      remarked: this.#remarked,
      ownCpu: this.#ownCpu,
    };
  }
}
