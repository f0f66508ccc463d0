import type { ServerMessage } from '@ringside/protocol';
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  initialState,
  type Ladder,
  type TimerName,
  type TransportName,
  transition,
} from './connection-state.ts';
import { RingsideError } from './errors.ts';
import { type Held, receive } from './held.ts';
import { type ConnectionStatus, statusOf } from './status.ts';
import { canExist, type Topic, topicKey } from './topic.ts';
import type { OpenTransport, Timers, Transport, TransportSink } from './transport.ts';

/** What a connection needs of the world. */
export interface ConnectionDeps {
  readonly ladder: Ladder;
  readonly transports: Readonly<Record<TransportName, OpenTransport>>;
  readonly timers: Timers;
  /** What time it is for the server, epoch milliseconds. */
  readonly time: () => number;
  /** A number from [0, 1). */
  readonly random: () => number;
  /** Tells when the network comes back or the page wakes up. @returns a function that ends it */
  readonly onWake: (listener: () => void) => () => void;
}

/** What is known of a topic, or why nothing is. */
export interface TopicState {
  readonly held: Held | null;
  readonly error: RingsideError | null;
}

interface Followed {
  readonly topic: Topic;
  readonly listeners: Set<() => void>;
  state: TopicState;
}

const nothing: TopicState = { held: null, error: null };

const impossible: TopicState = {
  held: null,
  error: new RingsideError(
    'validation-failed',
    'No campaign can have this id: an id is 1 to 128 of A-Z a-z 0-9 . _ : -',
  ),
};

/** The one live connection of a client: runs the state machine’s effects and keeps what is followed up to date. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #followed = new Map<string, Followed>();
  readonly #timers = new Map<TimerName, () => void>();
  readonly #statusListeners = new Set<() => void>();
  #state: ConnectionState = initialState;
  #status: ConnectionStatus = statusOf(initialState);
  #transport: Transport | null = null;
  #sleep: (() => void) | null = null;

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** @param listener is called after each change @returns a function that ends it */
  onStatus(listener: () => void): () => void {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  read(topic: Topic): TopicState {
    if (!canExist(topic)) return impossible;
    return this.#followed.get(topicKey(topic))?.state ?? nothing;
  }

  /** Follows a topic until the returned function is called. Followers of one topic share it. */
  follow(topic: Topic, listener: () => void): () => void {
    if (!canExist(topic)) return () => {};
    const key = topicKey(topic);
    const known = this.#followed.get(key);
    const followed = known ?? { topic, listeners: new Set(), state: nothing };
    followed.listeners.add(listener);
    this.#followed.set(key, followed);
    this.#sleep ??= this.#deps.onWake(() => this.#take({ name: 'woken' }));
    // An open transport is told here; one that `wanted` opens follows all topics by itself.
    if (!known) this.#transport?.follow(topic);
    this.#take({ name: 'wanted' });
    return () => this.#leave(key, listener);
  }

  #leave(key: string, listener: () => void): void {
    const followed = this.#followed.get(key);
    if (!followed?.listeners.delete(listener) || followed.listeners.size > 0) return;
    this.#followed.delete(key);
    this.#transport?.unfollow(followed.topic);
    if (this.#followed.size === 0) this.#take({ name: 'unwanted' });
  }

  #take(event: ConnectionEvent): void {
    const { state, effects } = transition(this.#state, event, this.#deps.ladder);
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    if (state.name === 'idle') {
      this.#sleep?.();
      this.#sleep = null;
    }
    const status = statusOf(this.#state);
    const isNews = status.state !== this.#status.state || status.transport !== this.#status.transport;
    this.#status = status;
    if (isNews) for (const listener of [...this.#statusListeners]) listener();
  }

  #run(effect: ConnectionEffect): void {
    switch (effect.do) {
      case 'open':
        return this.#open(effect.transport);
      case 'close':
        this.#transport?.close();
        this.#transport = null;
        return;
      case 'start':
        this.#timers.get(effect.timer)?.();
        this.#timers.set(
          effect.timer,
          this.#deps.timers.after(effect.ms, () => this.#ring(effect.timer)),
        );
        return;
      case 'cancel':
        this.#timers.get(effect.timer)?.();
        this.#timers.delete(effect.timer);
    }
  }

  #ring(timer: TimerName): void {
    this.#timers.delete(timer);
    const overdue = { name: 'connect-overdue', ...this.#chance() } as const;
    this.#take(timer === 'connect-overdue' ? overdue : { name: timer });
  }

  #chance(): { at: number; random: number } {
    return { at: this.#deps.timers.now(), random: this.#deps.random() };
  }

  #open(name: TransportName): void {
    // What an abandoned transport still says belongs to the past.
    const isCurrent = (): boolean => this.#transport === transport;
    const sink: TransportSink = {
      opened: (heartbeatMs) => {
        if (isCurrent()) this.#take({ name: 'opened', at: this.#deps.timers.now(), heartbeatMs });
      },
      message: (message) => {
        if (isCurrent()) this.#hear(message);
      },
      alive: () => {
        if (isCurrent()) this.#take({ name: 'heard', at: this.#deps.time() });
      },
      failed: (retryAfterMs = 0) => {
        if (isCurrent()) this.#take({ name: 'failed', ...this.#chance(), retryAfterMs });
      },
      refused: () => {
        if (isCurrent()) this.#take({ name: 'refused' });
      },
      changed: () => {
        if (isCurrent()) this.#take({ name: 'changed', ...this.#chance() });
      },
    };
    const transport = this.#begin(name, sink);
    this.#transport = transport;
    for (const { topic } of this.#followed.values()) transport.follow(topic);
  }

  /** A transport that cannot even be made, such as a WebSocket to a forbidden address, has failed like any other. */
  #begin(name: TransportName, sink: TransportSink): Transport {
    try {
      return this.#deps.transports[name](sink);
    } catch {
      const cancel = this.#deps.timers.after(0, () => sink.failed());
      return { follow: () => {}, unfollow: () => {}, close: cancel };
    }
  }

  #hear(message: ServerMessage): void {
    this.#take({ name: 'heard', at: this.#deps.time() });
    if (message.type === 'error') return this.#refuseTopic(message);
    for (const followed of this.#followed.values()) {
      const { held, ask } = receive(followed.topic, followed.state.held, message);
      if (ask) this.#transport?.follow(followed.topic);
      if (held === followed.state.held) continue;
      const shows = held?.value !== followed.state.held?.value;
      followed.state = { held, error: held && !held.awaiting ? null : followed.state.error };
      if (shows) tell(followed);
    }
  }

  #refuseTopic({ code, detail, campaignId }: ServerMessage & { type: 'error' }): void {
    if (campaignId === undefined) return;
    const followed = this.#followed.get(topicKey({ kind: 'campaign', campaignId }));
    if (!followed) return;
    followed.state = { held: followed.state.held, error: new RingsideError(code, detail) };
    tell(followed);
  }
}

function tell(followed: Followed): void {
  for (const listener of [...followed.listeners]) listener();
}
