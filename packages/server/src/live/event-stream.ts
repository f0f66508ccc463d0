import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { HEARTBEAT_MS } from './heartbeat.ts';
import type { LiveText } from './live-text.ts';

/** A connection that takes nothing between two heartbeats has no reader any more. */
const STALLED_MS = 2 * HEARTBEAT_MS;
/** A reader that does not take the end of the stream within this time loses its connection. */
const LEAVE_WITHIN_MS = 2_000;

/**
 * A response that a handler took over and keeps open for server-sent events. Its resources are released first, then it
 * ends: nothing is written to a stream whose reader, access or server has gone, and no fault of its connection is thrown.
 */
export class EventStream {
  readonly #raw: ServerResponse;
  readonly #releases: (() => void)[] = [];
  #isOpen: boolean;

  constructor(reply: FastifyReply) {
    this.#raw = reply.raw;
    reply.hijack();
    // The client may have left since it was admitted, and no event tells that a second time.
    this.#isOpen = !this.#raw.destroyed;
    this.#raw.on('error', () => this.#raw.destroy());
    this.#raw.on('close', () => this.#release());
    if (!this.#isOpen) return;
    this.#raw.setTimeout(STALLED_MS, () => this.#raw.destroy());
    this.#raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Bytes that wait for the network. */
  get backlog(): number {
    return this.#raw.writableLength;
  }

  /** @param release is called once, before the stream ends; at once when it has ended */
  onEnd(release: () => void): void {
    if (this.#isOpen) this.#releases.push(release);
    else release();
  }

  write(text: LiveText): void {
    if (this.#isOpen) this.#raw.write(text.event);
  }

  end(): void {
    if (!this.#isOpen) return;
    this.#release();
    this.#raw.end();
    const late = setTimeout(() => this.#raw.destroy(), LEAVE_WITHIN_MS).unref();
    this.#raw.on('close', () => clearTimeout(late));
  }

  #release(): void {
    this.#isOpen = false;
    for (const release of this.#releases.splice(0)) release();
  }
}
