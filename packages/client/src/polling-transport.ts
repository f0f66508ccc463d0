import type { Overview, Report } from '@ringside/protocol';
import { RingsideError } from './errors.ts';
import { type Http, jsonOf } from './http.ts';
import { MOST_RECENT } from './recent-calls.ts';
import { type Topic, topicKey } from './topic.ts';
import { type OpenTransport, type Timers, type Transport, type TransportSink, waitAskedBy } from './transport.ts';

/** Between two reads of what does not say itself how often it should be read. */
const USUAL_POLL_MS = 5_000;

interface Poll {
  readonly topic: Topic;
  readonly stop: AbortController;
  etag: string | null;
  everyMs: number;
  cancel: () => void;
}

/** Reads every topic again and again, as often as the server asks; an unchanged report costs a 304. */
export function pollingTransport(http: Http, timers: Timers): OpenTransport {
  return (sink) => new PollingTransport(http, timers, sink);
}

class PollingTransport implements Transport {
  readonly #http: Http;
  readonly #timers: Timers;
  readonly #sink: TransportSink;
  readonly #polls = new Map<string, Poll>();

  constructor(http: Http, timers: Timers, sink: TransportSink) {
    this.#http = http;
    this.#timers = timers;
    this.#sink = sink;
  }

  follow(topic: Topic): void {
    this.unfollow(topic);
    const poll = { topic, stop: new AbortController(), etag: null, everyMs: USUAL_POLL_MS, cancel: () => {} };
    this.#polls.set(topicKey(topic), poll);
    this.#run(poll);
  }

  unfollow(topic: Topic): void {
    const poll = this.#polls.get(topicKey(topic));
    if (!poll) return;
    this.#polls.delete(topicKey(topic));
    poll.stop.abort();
    poll.cancel();
  }

  close(): void {
    for (const { topic } of [...this.#polls.values()]) this.unfollow(topic);
  }

  #run(poll: Poll): void {
    this.#read(poll).then(
      () => {
        if (poll.stop.signal.aborted) return;
        poll.cancel = this.#timers.after(poll.everyMs, () => this.#run(poll));
      },
      (error: unknown) => {
        if (!poll.stop.signal.aborted) this.#refuse(poll, error);
      },
    );
  }

  async #read(poll: Poll): Promise<void> {
    const { topic, etag, stop } = poll;
    const headers = etag === null ? {} : { 'if-none-match': etag };
    const response = await this.#http.send(pathOf(topic), { headers, signal: stop.signal });
    const value = response.status === 304 ? null : await jsonOf<Report | Overview>(response);
    if (stop.signal.aborted) return;
    poll.etag = response.headers.get('etag');
    if (value && 'nextPollMs' in value) poll.everyMs = value.nextPollMs;
    this.#sink.opened(this.#slowest());
    if (!value) return this.#sink.alive();
    const { revision } = value;
    if ('campaignId' in value)
      this.#sink.message({ type: 'snapshot', campaignId: value.campaignId, revision, report: value });
    else this.#sink.message({ type: 'overview-snapshot', revision, overview: value });
  }

  #slowest(): number {
    return Math.max(...[...this.#polls.values()].map(({ everyMs }) => everyMs));
  }

  #refuse(poll: Poll, error: unknown): void {
    const known = error instanceof RingsideError ? error : new RingsideError('unreachable', '');
    const { code, status, message } = known;
    if (code === 'unauthenticated') return this.#sink.refused();
    if (status !== 404 || poll.topic.kind === 'overview') return this.#sink.failed(waitAskedBy(known));
    this.#sink.opened(this.#slowest());
    this.#sink.message({ type: 'error', code, detail: message, campaignId: poll.topic.campaignId });
    poll.cancel = this.#timers.after(poll.everyMs, () => this.#run(poll));
  }
}

function pathOf(topic: Topic): string {
  if (topic.kind === 'overview') return '/v1/overview';
  return `/v1/campaigns/${encodeURIComponent(topic.campaignId)}/report?recent=${MOST_RECENT}`;
}
