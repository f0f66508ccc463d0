import { RingsideError } from './errors.ts';
import type { Http } from './http.ts';
import { readMessage, SPOKEN_PROTOCOL } from './message.ts';
import { SseParser } from './sse-parser.ts';
import { type Topic, topicKey } from './topic.ts';
import { type OpenTransport, type Transport, type TransportSink, waitAskedBy } from './transport.ts';

/** Of a connection whose only answer so far was that a campaign does not exist. */
const ASSUMED_HEARTBEAT_MS = 15_000;

/** One stream of server-sent events for each topic, over fetch, which unlike EventSource can send a key. */
export function sseTransport(http: Http): OpenTransport {
  return (sink) => new SseTransport(http, sink);
}

class SseTransport implements Transport {
  readonly #http: Http;
  readonly #sink: TransportSink;
  readonly #streams = new Map<string, AbortController>();
  #ended = false;

  constructor(http: Http, sink: TransportSink) {
    this.#http = http;
    this.#sink = sink;
  }

  follow(topic: Topic): void {
    this.unfollow(topic);
    const stream = new AbortController();
    this.#streams.set(topicKey(topic), stream);
    this.#read(topic, stream.signal).then(
      () => this.#end(stream.signal, () => this.#sink.failed()),
      (error: unknown) => this.#end(stream.signal, () => this.#refuse(topic, error)),
    );
  }

  unfollow(topic: Topic): void {
    this.#streams.get(topicKey(topic))?.abort();
    this.#streams.delete(topicKey(topic));
  }

  close(): void {
    this.#ended = true;
    for (const stream of this.#streams.values()) stream.abort();
  }

  async #read(topic: Topic, signal: AbortSignal): Promise<void> {
    const path =
      topic.kind === 'overview' ? '/v1/overview/live' : `/v1/campaigns/${encodeURIComponent(topic.campaignId)}/live`;
    const { body } = await this.#http.send(path, { headers: { accept: 'text/event-stream' }, signal });
    if (!body) return;
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new SseParser();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      for (const data of parser.push(piece.value)) if (!signal.aborted) this.#hear(data);
    }
  }

  #hear(data: string): void {
    const message = readMessage(data);
    if (!message || this.#ended) return;
    if (message.type !== 'hello') this.#sink.message(message);
    else if (message.protocol === SPOKEN_PROTOCOL) this.#sink.opened(message.heartbeatMs);
    else this.#end(null, () => this.#sink.failed());
  }

  /** A campaign that does not exist is no fault of the connection. */
  #refuse(topic: Topic, error: unknown): void {
    const known = error instanceof RingsideError ? error : new RingsideError('unreachable', '');
    const { code, status, message } = known;
    if (code === 'unauthenticated') return this.#sink.refused();
    if (status !== 404 || topic.kind === 'overview') return this.#sink.failed(waitAskedBy(known));
    this.#sink.opened(ASSUMED_HEARTBEAT_MS);
    this.#sink.message({ type: 'error', code, detail: message, campaignId: topic.campaignId });
  }

  #end(signal: AbortSignal | null, tell: () => void): void {
    if (this.#ended || signal?.aborted) return;
    tell();
  }
}
