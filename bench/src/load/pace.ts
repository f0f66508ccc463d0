import { setTimeout } from 'node:timers/promises';
import { Line } from './line.ts';
import type { Traffic } from './load.ts';
import { requestsOf } from './requests.ts';

/** Requests of one kind, sent so many a second whatever their answers take. */
export interface Stream {
  readonly name: string;
  readonly traffic: Traffic;
  readonly perSecond: number;
  /** Connections that are open before the clock starts; what finds all of them waiting opens another one. */
  readonly lines: number;
}

/** Streams that run side by side for a warm-up and a window. */
export interface PacedLoad {
  readonly url: string;
  readonly streams: readonly Stream[];
  readonly warmSeconds: number;
  readonly seconds: number;
}

/** What came of a stream, in the order of the streams. */
export interface StreamResult {
  /** Requests in the window, by the second. */
  readonly perSecond: number;
  /** Milliseconds from writing a request of the window to having its whole answer. */
  readonly latencies: readonly number[];
  /** How often each status was answered in all, the warm-up included. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers 429 or 503 that did not say when to try again. */
  readonly withoutRetryAfter: number;
}

export type PacedResult = readonly StreamResult[];

/** Opened side by side; a listening socket keeps only so many that nobody has accepted yet. */
const OPENED_AT_ONCE = 100;
const TICK_MS = 1;
/** What was sent must be answered within so long after the end. */
const PATIENCE_MS = 90_000;

/** Makes the requests, and returns what starts the clock. */
export async function preparePaced(load: PacedLoad): Promise<() => Promise<PacedResult>> {
  const streams = load.streams.map((stream) => new PacedStream(new URL(load.url), stream));
  for (const stream of streams) await stream.open();
  return async () => {
    const startedAt = performance.now();
    const windowFrom = startedAt + load.warmSeconds * 1_000;
    const windowTo = windowFrom + load.seconds * 1_000;
    for (let now = startedAt; now < windowTo; now = performance.now()) {
      for (const stream of streams) stream.sendUntil(now, startedAt, windowFrom);
      await setTimeout(TICK_MS);
    }
    while (streams.some(({ waiting }) => waiting > 0)) {
      if (performance.now() > windowTo + PATIENCE_MS) throw new Error('the server stopped answering');
      await setTimeout(10);
    }
    return streams.map((stream) => stream.finish(load.seconds));
  };
}

class PacedStream {
  readonly #url: URL;
  readonly #perSecond: number;
  readonly #opened: number;
  readonly #requests: readonly Buffer[];
  readonly #idle: Line[] = [];
  readonly #latencies: number[] = [];
  readonly #statuses: Record<string, number> = {};
  #sent = 0;
  #sentInWindow = 0;
  #withoutRetryAfter = 0;
  #error: Error | null = null;
  waiting = 0;

  constructor(url: URL, { traffic, perSecond, lines }: Stream) {
    this.#url = url;
    this.#perSecond = perSecond;
    this.#opened = lines;
    this.#requests = requestsOf(traffic);
  }

  async open(): Promise<void> {
    while (this.#idle.length < this.#opened) {
      const count = Math.min(OPENED_AT_ONCE, this.#opened - this.#idle.length);
      const lines = Array.from({ length: count }, () => this.#line());
      await Promise.all(lines.map((line) => line.opened));
      this.#idle.push(...lines);
      if (this.#error) throw this.#error;
    }
  }

  /** Sends what is due. */
  sendUntil(now: number, startedAt: number, windowFrom: number): void {
    if (this.#error) throw this.#error;
    const due = Math.floor(((now - startedAt) / 1_000) * this.#perSecond);
    for (; this.#sent < due; this.#sent += 1) {
      const line = this.#idle.pop() ?? this.#line();
      const request = this.#requests[this.#sent % this.#requests.length];
      if (request) this.#send(line, request, now >= windowFrom);
    }
  }

  finish(seconds: number): StreamResult {
    for (const line of this.#idle) line.close();
    if (this.#error) throw this.#error;
    return {
      perSecond: this.#sentInWindow / seconds,
      latencies: this.#latencies,
      statuses: this.#statuses,
      withoutRetryAfter: this.#withoutRetryAfter,
    };
  }

  #line(): Line {
    return new Line(this.#url, (error) => {
      this.#error = error;
      this.waiting = 0;
    });
  }

  #send(line: Line, request: Buffer, isInWindow: boolean): void {
    const sentAt = performance.now();
    this.waiting += 1;
    if (isInWindow) this.#sentInWindow += 1;
    line.send(request, (status, end) => {
      this.waiting -= 1;
      this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
      if (isInWindow) this.#latencies.push(performance.now() - sentAt);
      const isPutOff = status === 429 || status === 503;
      if (isPutOff && !/\r\nretry-after: *[1-9]/i.test(end.toString('latin1'))) this.#withoutRetryAfter += 1;
      this.#idle.push(line);
    });
  }
}
