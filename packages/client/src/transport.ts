import type { ServerMessage } from '@ringside/protocol';
import type { RingsideError } from './errors.ts';
import type { Topic } from './topic.ts';

/** What a transport tells. */
export interface TransportSink {
  /** The server said hello, or the usual gap between messages changed. @param heartbeatMs milliseconds */
  opened(heartbeatMs: number): void;
  message(message: ServerMessage): void;
  /** Something arrived that shows the connection is alive, but holds nothing new. */
  alive(): void;
  /**
   * It broke, or could not be opened. Nothing follows.
   * @param retryAfterMs how long the server asks to wait, milliseconds
   */
  failed(retryAfterMs?: number): void;
  /** The server does not know who asks, or no longer lets them in. Nothing follows. */
  refused(): void;
  /** Whoever asks may see something else from now on: what comes next is for another connection. Nothing follows. */
  changed(): void;
}

/** How long to wait after a failure before the next try, as the server asks; 0 where it does not. */
export function waitAskedBy(error: RingsideError): number {
  // The next way to the server may need no live connection at all.
  return error.code === 'too-many-connections' ? 0 : (error.retryAfterMs ?? 0);
}

/** One way to the server, from its opening to its end. */
export interface Transport {
  /** Follows a topic, or asks for a fresh snapshot of one that is followed. */
  follow(topic: Topic): void;
  unfollow(topic: Topic): void;
  /** Ends it; the sink hears nothing more. */
  close(): void;
}

export type OpenTransport = (sink: TransportSink) => Transport;

/** Time, as far as the SDK needs it. */
export interface Timers {
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** @returns a function that cancels it */
  after(ms: number, run: () => void): () => void;
}

/** The timers of the runtime. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
