import { connect, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import type { FastifyBaseLogger } from 'fastify';
import type { Effects } from '../effects.ts';
import type { Touched } from '../ingest/receipt.ts';
import type { Bus, Topic } from './bus.ts';
import { type Message, Outbox, touchedIn } from './outbox.ts';

export interface NatsBusParts {
  /** `nats://…` or `tls://…`, several comma separated; may hold a user and a password, so it is a secret. */
  readonly servers: readonly string[];
  /** Keeps stores apart that share one NATS. */
  readonly storeId: () => string;
  /** Name of this node. */
  readonly node: string;
  readonly effects: Effects;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
}

const RETRY_MS = 1_000;
const PING_EVERY_MS = 5_000;
const CONNECT_WITHIN_MS = 3_000;

const NEVER = new AbortController().signal;

/** Tells the other nodes by NATS, plain publish and subscribe: a message that nobody hears is gone. */
export class NatsBus implements Bus {
  readonly #parts: NatsBusParts;
  readonly #outbox: Outbox;
  readonly #followed = new Map<Topic, Subscription | null>();
  readonly #stopping = new AbortController();
  #connection: NatsConnection | null = null;
  #isUp = false;
  #hear: (touched: readonly Touched[]) => void = () => {};
  #running: Promise<void> = Promise.resolve();

  constructor(parts: NatsBusParts) {
    this.#parts = parts;
    this.#outbox = new Outbox(parts.node, (messages) => this.#send(messages));
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  publish(touched: readonly Touched[]): void {
    this.#outbox.add(touched);
  }

  follow(topic: Topic): void {
    this.#followed.set(topic, this.#subscribe(topic));
  }

  unfollow(topic: Topic): void {
    this.#followed.get(topic)?.unsubscribe();
    this.#followed.delete(topic);
  }

  start(hear: (touched: readonly Touched[]) => void): void {
    this.#hear = hear;
    this.#running = this.#stayConnected();
  }

  async stop(): Promise<void> {
    this.#outbox.flush();
    this.#stopping.abort();
    // What was told last is sent before the connection closes, but not at any price.
    if (this.#isUp) await Promise.race([this.#connection?.drain(), this.#parts.effects.sleep(RETRY_MS, NEVER)]);
    await this.#connection?.close();
    await this.#running;
  }

  /** Connects as soon as NATS is there; from then on the client connects again by itself. */
  async #stayConnected(): Promise<void> {
    const { servers, effects, log, node } = this.#parts;
    const { signal } = this.#stopping;
    for (let isSaid = false; !signal.aborted; ) {
      try {
        const connection = await connect({
          servers: servers.map(hostOf),
          ...credentialsOf(servers),
          ...(servers.some((server) => server.startsWith('tls:')) && { tls: {} }),
          name: `ringside ${node}`,
          timeout: CONNECT_WITHIN_MS,
          maxReconnectAttempts: -1,
          reconnectTimeWait: RETRY_MS,
          pingInterval: PING_EVERY_MS,
          ignoreAuthErrorAbort: true,
        });
        if (signal.aborted) return await connection.close();
        if (isSaid) log.info('the bus is back: NATS carries what other nodes commit');
        isSaid = false;
        await this.#use(connection);
      } catch (error) {
        if (!isSaid) this.#complain((error as Error).message);
        isSaid = true;
        await effects.sleep(RETRY_MS, signal);
      }
    }
  }

  /** Fulfils when the connection is closed for good. */
  async #use(connection: NatsConnection): Promise<void> {
    this.#connection = connection;
    this.#isUp = true;
    for (const topic of this.#followed.keys()) this.#followed.set(topic, this.#subscribe(topic));
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' && this.#isUp) {
        this.#isUp = false;
        this.#complain('disconnected');
      } else if (type === 'reconnect') {
        this.#isUp = true;
        this.#parts.log.info('the bus is back: NATS carries what other nodes commit');
      }
    }
    this.#isUp = false;
    this.#connection = null;
  }

  #complain(reason: string): void {
    if (this.#stopping.signal.aborted) return;
    this.#parts.log.warn({ reason }, 'the bus is away: what other nodes commit is seen up to two seconds late');
  }

  #subscribe(topic: Topic): Subscription | null {
    if (!this.#connection || this.#connection.isClosed()) return null;
    return this.#connection.subscribe(this.#subjectOf(topic), {
      callback: (error, message) => {
        const touched = error ? [] : touchedIn(message.string(), this.#parts.node);
        if (touched.length > 0) this.#hear(touched);
      },
    });
  }

  #send(messages: readonly Message[]): void {
    // What is written while NATS is away would wait in memory, and tell only what every node has seen by then.
    if (!this.#isUp) return;
    for (const { topic, text } of messages) this.#connection?.publish(this.#subjectOf(topic), text);
  }

  #subjectOf(topic: Topic): string {
    return `ringside.${this.#parts.storeId()}.${topic}`;
  }
}

/** The client takes user and password as options of their own. */
function credentialsOf(servers: readonly string[]): { user?: string; pass?: string; token?: string } {
  const { username, password } = new URL(servers[0] ?? 'nats://localhost');
  if (username === '') return {};
  const user = decodeURIComponent(username);
  return password === '' ? { token: user } : { user, pass: decodeURIComponent(password) };
}

function hostOf(server: string): string {
  return new URL(server).host;
}
