import type {
  Campaign,
  CampaignList,
  CommandAnswer,
  CommandName,
  CommandPreview,
  ConfirmInput,
  Overview,
  Report,
} from '@ringside/protocol';
import { type CommandBodies, type CommandBody, commandRequest } from './commands.ts';
import { Connection } from './connection.ts';
import type { Ladder } from './connection-state.ts';
import { type Fetch, Http, type HttpRequest, jsonOf, type Key } from './http.ts';
import { pollingTransport } from './polling-transport.ts';
import { ServerClock } from './server-clock.ts';
import { sseTransport } from './sse-transport.ts';
import type { ConnectionStatus } from './status.ts';
import { type LiveValue, Subscription, type Target, type ValueOf } from './subscription.ts';
import { systemTimers, type Timers } from './transport.ts';
import { onWake } from './wake.ts';
import { type Tickets, type WebSocketConstructor, webSocketTransport } from './websocket-transport.ts';
import type { IntakeStatus, Session } from './wire.ts';

export interface RingsideClientOptions {
  /** Address of the server, such as `https://ringside.example`. */
  readonly url: string;
  /**
   * API key, or a JWT of the host application; or a function that gets one, such as from your own server. It is called
   * first, and again when the server accepts the previous key no longer, so that a login that runs out is renewed. Leave
   * it out in a page that signed in: its cookie says who asks.
   */
  readonly key?: Key;
  /** Instead of the runtime’s own `fetch`. */
  readonly fetch?: Fetch;
  /** Instead of the runtime’s own, such as that of `ws`. `null`: never a WebSocket. */
  readonly WebSocket?: WebSocketConstructor | null;
  /** Clock and timers, for tests. */
  readonly timers?: Timers;
  /** Source of jitter from [0, 1), for tests. */
  readonly random?: () => number;
}

/** What shows who signs in. */
export type SignInProof = { readonly key: string } | { readonly token: string } | { readonly jwt: string };

/** Typed access to a Ringside server: single reads over REST, and live values over one shared connection. */
export class RingsideClient {
  readonly #http: Http;
  readonly #clock: ServerClock;
  readonly #connection: Connection;

  constructor(options: RingsideClientOptions) {
    const base = options.url.replace(/\/+$/, '');
    const timers = options.timers ?? systemTimers;
    // A browser’s fetch must be called on the global object.
    const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#clock = new ServerClock(timers);
    this.#http = new Http(base, fetch, options.key, this.#clock);
    const WebSocket = webSocketOf(options);
    const ladder: Ladder = WebSocket ? ['websocket', 'sse', 'polling'] : ['sse', 'polling'];
    this.#connection = new Connection({
      ladder,
      transports: {
        websocket: WebSocket
          ? webSocketTransport(`${base.replace(/^http/, 'ws')}/v1/live`, WebSocket, ticketsOf(this.#http, options.key))
          : sseTransport(this.#http),
        sse: sseTransport(this.#http),
        polling: pollingTransport(this.#http, timers),
      },
      timers,
      time: () => this.serverTime(),
      random: options.random ?? Math.random,
      onWake,
    });
  }

  /**
   * Follows a campaign or the overview. All subscriptions share one connection, which reconnects by itself, and falls
   * back from WebSocket to server-sent events to polling.
   * @param listener is called with the whole current value after each change
   */
  subscribe<T extends Target>(target: T, listener?: (live: LiveValue<ValueOf<T>>) => void): Subscription<ValueOf<T>> {
    return new Subscription<ValueOf<T>>(this.#connection, target, listener);
  }

  /**
   * What time it is for the server, epoch milliseconds, as its answers tell; this machine’s own while none did. Whoever shows
   * how long ago something was, or how long until, counts from it.
   */
  serverTime(): number {
    return this.#clock.now();
  }

  /** How fresh live values are. The listener of {@link RingsideClient.onStatus} hears of changes. */
  get status(): ConnectionStatus {
    return this.#connection.status;
  }

  /** @returns a function that ends it */
  onStatus(listener: () => void): () => void {
    return this.#connection.onStatus(listener);
  }

  /**
   * The report of a campaign as it is now.
   * @param recent newest calls in it, 0 to 100, default 25
   * @throws RingsideError `campaign-not-found`
   */
  report(campaignId: string, { recent }: { readonly recent?: number } = {}): Promise<Report> {
    const query = recent === undefined ? '' : `?recent=${recent}`;
    return this.#http.json(`/v1/campaigns/${encodeURIComponent(campaignId)}/report${query}`);
  }

  /** Campaigns, newest first. @param limit 1 to 500, default 50 @param cursor `nextCursor` of the page before */
  campaigns({ limit, cursor }: { readonly limit?: number; readonly cursor?: string } = {}): Promise<CampaignList> {
    const query = new URLSearchParams();
    if (limit !== undefined) query.set('limit', String(limit));
    if (cursor !== undefined) query.set('cursor', cursor);
    return this.#http.json(`/v1/campaigns${query.size > 0 ? `?${query}` : ''}`);
  }

  /** What was declared of one campaign. @throws RingsideError `campaign-not-found` */
  campaign(campaignId: string): Promise<Campaign> {
    return this.#http.json(`/v1/campaigns/${encodeURIComponent(campaignId)}`);
  }

  /**
   * Starts a campaign, now or at a time. Every command is safe to send again: `changed` says whether it did something.
   * Where another dialer dials, it is asked, and `confirmation` tells what it said.
   * @throws RingsideError `phase-conflict` where it makes no sense, `no-control-webhook`
   */
  start(campaignId: string, body?: CommandBody<'start'>): Promise<CommandAnswer> {
    return this.#command(campaignId, 'start', body);
  }

  /** Pauses it: live calls finish, unless `hangUp`. With `until` or `forSeconds` it resumes by itself. */
  pause(campaignId: string, body?: CommandBody<'pause'>): Promise<CommandAnswer> {
    return this.#command(campaignId, 'pause', body);
  }

  /** Resumes what is paused. */
  resume(campaignId: string, body?: CommandBody<'resume'>): Promise<CommandAnswer> {
    return this.#command(campaignId, 'resume', body);
  }

  /** Cancels it for good. */
  cancel(campaignId: string, body?: CommandBody<'cancel'>): Promise<CommandAnswer> {
    return this.#command(campaignId, 'cancel', body);
  }

  /**
   * Calls contacts once more that were tried and not reached.
   * @param body `idempotencyKey` makes it safe to send again; without one each call is another command
   */
  retryFailed(campaignId: string, body?: CommandBody<'retry-failed'>): Promise<CommandAnswer> {
    return this.#command(campaignId, 'retry-failed', body);
  }

  /** What a command would come to. Nothing is changed. */
  preview<Name extends CommandName>(
    campaignId: string,
    command: Name,
    body?: CommandBodies[Name],
  ): Promise<CommandPreview> {
    const { path, request } = commandRequest(campaignId, command, body);
    return this.#http.json(`${path}?preview=1`, request);
  }

  /**
   * Says for an external dialer whether it did what it was asked.
   * @throws RingsideError `not-asked` where it was asked something else since
   */
  confirm(campaignId: string, answer: ConfirmInput): Promise<CommandAnswer> {
    const path = `/v1/campaigns/${encodeURIComponent(campaignId)}/confirm`;
    return this.#http.json(path, { method: 'POST', body: answer });
  }

  /** The workspace at a glance. */
  overview(): Promise<Overview> {
    return this.#http.json('/v1/overview');
  }

  /** What the server hears from the provider since it started, and what it refused. */
  intake(): Promise<IntakeStatus> {
    return this.#http.json('/v1/intake');
  }

  /** Who is signed in. @throws RingsideError `unauthenticated` */
  session(): Promise<Session> {
    return this.#http.json('/v1/session');
  }

  /**
   * Signs a page in: the server sets a cookie.
   * @param proof an API key, a JWT of the host application, or the one-time token of the link that the server prints
   * @throws RingsideError `unauthenticated` when it is not valid, or the link was used before
   */
  async signIn(proof: SignInProof): Promise<void> {
    await this.#http.send('/v1/session', { method: 'POST', body: proof });
  }

  /**
   * Any other route of the API, with the key, the session and the errors of this client.
   * @param path such as `/v1/keys`
   * @returns the JSON of the answer; nothing where there is none
   * @throws RingsideError
   */
  async request<T>(path: string, request: Pick<HttpRequest, 'method' | 'body'> = {}): Promise<T> {
    const response = await this.#http.send(path, request);
    return response.status === 204 ? (undefined as T) : jsonOf<T>(response);
  }

  /** Ends the session and takes the cookie away. */
  async signOut(): Promise<void> {
    await this.#http.send('/v1/session', { method: 'DELETE' });
  }

  #command(campaignId: string, command: CommandName, body?: CommandBody<CommandName>): Promise<CommandAnswer> {
    const { path, request } = commandRequest(campaignId, command, body);
    return this.#http.json(path, request);
  }
}

/** A browser’s WebSocket cannot send a key, so it connects with a pass that the key asks for. */
function ticketsOf(http: Http, key: Key | undefined): Tickets | null {
  if (key === undefined) return null;
  const take = async () => (await http.json<{ ticket: string }>('/v1/live/tickets', { method: 'POST' })).ticket;
  return { take, canRenew: http.canRenew };
}

function webSocketOf({ WebSocket }: RingsideClientOptions): WebSocketConstructor | null {
  if (WebSocket !== undefined) return WebSocket;
  const own = (globalThis as { WebSocket?: unknown }).WebSocket;
  return own === undefined ? null : (own as WebSocketConstructor);
}
