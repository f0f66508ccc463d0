import type { FastifyBaseLogger } from 'fastify';
import pg from 'pg';
import type { Effects } from '../effects.ts';
import type { Touched } from '../ingest/receipt.ts';
import type { Bus, Topic } from './bus.ts';
import { type Message, Outbox, touchedIn } from './outbox.ts';

export interface PostgresBusParts {
  /** `postgres://…`, a secret. It must lead to a session of its own: no LISTEN goes through a pooler of transactions. */
  readonly url: string;
  /** Name of this node. */
  readonly node: string;
  readonly effects: Effects;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
}

const RETRY_MS = 1_000;
const CONNECT_WITHIN_MS = 3_000;
/** A frozen server leaves connections open and says nothing. */
const ANSWER_WITHIN_MS = 3_000;
const ASK_EVERY_MS = 5_000;

/**
 * Tells the other nodes by PostgreSQL's own NOTIFY, on a connection of its own and never in the transaction of a commit:
 * those who notify commit one after the other.
 */
export class PostgresBus implements Bus {
  readonly #parts: PostgresBusParts;
  readonly #outbox: Outbox;
  readonly #followed = new Set<Topic>();
  readonly #stopping = new AbortController();
  #client: pg.Client | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: PostgresBusParts) {
    this.#parts = parts;
    this.#outbox = new Outbox(parts.node, (messages) => this.#send(messages));
  }

  get isUp(): boolean {
    return this.#client !== null;
  }

  publish(touched: readonly Touched[]): void {
    this.#outbox.add(touched);
  }

  follow(topic: Topic): void {
    this.#followed.add(topic);
    this.#run(`LISTEN ${channelOf(topic)}`);
  }

  unfollow(topic: Topic): void {
    this.#followed.delete(topic);
    this.#run(`UNLISTEN ${channelOf(topic)}`);
  }

  start(hear: (touched: readonly Touched[]) => void): void {
    this.#running = this.#stayConnected(hear);
  }

  async stop(): Promise<void> {
    this.#outbox.flush();
    this.#stopping.abort();
    await this.#running;
  }

  async #stayConnected(hear: (touched: readonly Touched[]) => void): Promise<void> {
    const { effects, log } = this.#parts;
    const { signal } = this.#stopping;
    for (let isSaid = false; !signal.aborted; ) {
      try {
        const client = await this.#connect(hear);
        if (isSaid) log.info('the bus is back: PostgreSQL carries what other nodes commit');
        isSaid = false;
        await this.#untilLost(client, signal);
      } catch (error) {
        if (!isSaid)
          log.warn({ err: error }, 'the bus is away: what other nodes commit is seen up to two seconds late');
        isSaid = true;
        await effects.sleep(RETRY_MS, signal);
      }
    }
  }

  async #connect(hear: (touched: readonly Touched[]) => void): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#parts.url,
      application_name: 'ringside bus',
      // What is followed and told does not wait for the answer to what was before.
      pipeline: true,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
    });
    client.on('error', () => {});
    client.on('notification', ({ payload }) => {
      const touched = touchedIn(payload ?? '', this.#parts.node);
      if (touched.length > 0) hear(touched);
    });
    try {
      await client.connect();
      // From here on whoever follows something asks for it; what is followed already is asked for in the same turn.
      this.#client = client;
      if (this.#followed.size > 0) {
        await client.query([...this.#followed].map((topic) => `LISTEN ${channelOf(topic)}`).join(';'));
      }
    } catch (error) {
      this.#client = null;
      client.end().catch(() => {});
      throw error;
    }
    return client;
  }

  /** Fulfils when the bus is to stop. @throws when the connection is lost, or PostgreSQL does not answer any more */
  async #untilLost(client: pg.Client, signal: AbortSignal): Promise<void> {
    const lost = new Promise<never>((_, reject) => {
      client.once('end', () => reject(new Error('the connection ended')));
      client.once('error', reject);
    });
    lost.catch(() => {});
    try {
      while (!signal.aborted) {
        await Promise.race([this.#parts.effects.sleep(ASK_EVERY_MS, signal), lost]);
        if (!signal.aborted) await Promise.race([client.query('SELECT 1'), lost]);
      }
    } finally {
      this.#client = null;
      const ended = client.end().catch(() => {});
      if (signal.aborted)
        await Promise.race([ended, this.#parts.effects.sleep(RETRY_MS, new AbortController().signal)]);
    }
  }

  #send(messages: readonly Message[]): void {
    this.#client
      ?.query('SELECT pg_notify(channel, message) FROM unnest($1::text[], $2::text[]) AS sent (channel, message)', [
        messages.map(({ topic }) => channelOf(topic)),
        messages.map(({ text }) => text),
      ])
      .catch(() => {});
  }

  /** What is not carried out is done over with the next connection. */
  #run(command: string): void {
    this.#client?.query(command).catch(() => {});
  }
}

function channelOf(topic: Topic): string {
  return `ringside_${topic}`;
}
