import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { iso } from '@ringside/core';
import { ClientMessage, errorCatalogue, PROTOCOL_VERSION, type ServerMessage } from '@ringside/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Sight } from '../access/numbers-seen.ts';
import { authorize, type Decision, maskOf, type Principal } from '../access/principal.ts';
import { authenticate } from '../http/access-hook.ts';
import { clientAddresses } from '../http/client-address.ts';
import { isAllowedOrigin } from '../http/cookies.ts';
import { withoutShare } from '../http/share-path.ts';
import type { Services } from '../services.ts';
import { type CampaignTopic, textOf } from './campaign-topic.ts';
import type { OverviewTopic } from './overview-topic.ts';
import { type LiveText, MOST_BACKLOG_BYTES, type Subscriber } from './subscriber.ts';

const PATH = '/v1/live';
export const HEARTBEAT_MS = 15_000;
const LEAVE_WITHIN_MS = 2_000;
const MOST_MESSAGE_BYTES = 16 * 1024;
/** Topics of one connection. */
const MOST_TOPICS = 100;
/** Close codes: the server goes away and the client should come back; the client broke the protocol. */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;
/** Each message may ask for a whole report. So many at once are a page that comes back with all its topics. */
const MESSAGES_AT_ONCE = 3 * MOST_TOPICS;
const MESSAGES_PER_SECOND = 20;
/** What was allowed no longer is; or it is something else now, and the client should come back as that. */
const endCodes = { revoked: 4401, changed: 4409 } as const;

/** Live reports over WebSocket. @returns a function that tells every client to come back later */
export function serveWebSocket(server: Server, services: Services, epoch: string): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES, perMessageDeflate: false });
  const clients = new Set<Client>();
  const addressOf = clientAddresses(services.config.trustProxy);

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    admit(request, services).then(
      (admitted) => {
        if (typeof admitted === 'number') return refuse(socket, admitted);
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          const address = addressOf(request);
          const client = new Client(webSocket, { principal: admitted, address }, services, epoch);
          clients.add(client);
          services.live.viewers.websocket = clients.size;
          webSocket.on('close', () => {
            clients.delete(client);
            services.live.viewers.websocket = clients.size;
          });
        });
      },
      () => refuse(socket, 503),
    );
  });

  const beating = setInterval(() => {
    for (const client of clients) client.beat();
  }, HEARTBEAT_MS);

  return () => {
    clearInterval(beating);
    for (const client of clients) client.close(GOING_AWAY, 'the server restarts');
    sockets.close();
    // Who does not answer that is gone, or asleep, and must not hold up the server.
    setTimeout(() => {
      for (const client of sockets.clients) client.terminate();
    }, LEAVE_WITHIN_MS).unref();
  };
}

/** @returns who asks, or the HTTP status of the refusal */
async function admit(request: IncomingMessage, services: Services): Promise<Principal | number> {
  const [path, query = ''] = withoutShare(request).split('?', 2);
  if (path !== PATH) return 404;
  const fromBrowser = request.headers.origin !== undefined;
  if (fromBrowser && !isAllowedOrigin(request.headers, services.config.allowedOrigins)) return 403;
  const ticket = new URLSearchParams(query).get('ticket');
  const found =
    ticket === null
      ? await authenticate(request, services.authenticator)
      : await services.authenticator.byTicket(ticket, request.headers.origin ?? null);
  if (!found || 'denied' in found) return 401;
  return found.permissions.has('read') ? found : 403;
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** One connection and the topics it follows. */
class Client implements Subscriber {
  readonly mask;
  readonly #socket: WebSocket;
  readonly #principal: Principal;
  readonly #address: string | null;
  readonly #workspace: string;
  readonly #services: Services;
  readonly #campaigns = new Map<string, CampaignTopic>();
  #overview: OverviewTopic | null = null;
  #alive = true;
  #messagesLeft = MESSAGES_AT_ONCE;
  #heardAt = performance.now();

  constructor(
    socket: WebSocket,
    { principal, address }: Pick<Sight, 'principal' | 'address'>,
    services: Services,
    epoch: string,
  ) {
    this.#socket = socket;
    this.#principal = principal;
    this.#address = address;
    this.#workspace = principal.workspace;
    this.#services = services;
    this.mask = maskOf(principal);
    socket.on('message', (data, isBinary) => this.#hear(isBinary ? '' : String(data)));
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('error', () => socket.terminate());
    const unguard = services.guards.add(principal, (why) => {
      this.#leaveAll();
      this.close(endCodes[why], `access ${why}`);
    });
    socket.on('close', () => {
      unguard();
      this.#leaveAll();
    });
    this.#say({ type: 'hello', protocol: PROTOCOL_VERSION, epoch, heartbeatMs: HEARTBEAT_MS });
  }

  send(text: LiveText): void {
    this.#services.live.sent(text.type);
    this.#socket.send(text.json);
  }

  fellBehind(): void {
    this.#services.live.fellBehind();
  }

  readonly backlog = (): number => this.#socket.bufferedAmount;

  /** Says where everything stands; a connection that did not answer the last beat is dead. */
  beat(): void {
    if (!this.#alive) return this.#socket.terminate();
    this.#alive = false;
    this.#socket.ping();
    const revisions = Object.fromEntries([...this.#campaigns].map(([id, topic]) => [id, topic.revision ?? '']));
    const overview = this.#overview?.revision;
    for (const id of this.#campaigns.keys()) this.#tellSeen(id);
    this.#say({ type: 'heartbeat', at: iso(Date.now()), revisions, ...(overview ? { overview } : {}) });
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #hear(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const message = readMessage(text);
    if (!message) return this.close(POLICY_VIOLATION, 'unreadable message');
    if (this.#isTooMuch(message)) return this.close(TRY_AGAIN_LATER, 'too many messages');
    this.#follow(message).catch((error: unknown) => {
      this.#services.log.error({ err: error }, 'a live subscription failed');
      this.#say({ type: 'error', code: 'internal-error', detail: errorCatalogue['internal-error'].title });
    });
  }

  /** Who asks and asks, or asks for more without reading what was sent, would fill the memory. */
  #isTooMuch({ type }: ClientMessage): boolean {
    const now = performance.now();
    const filled = this.#messagesLeft + ((now - this.#heardAt) / 1000) * MESSAGES_PER_SECOND;
    this.#messagesLeft = Math.min(MESSAGES_AT_ONCE, filled) - 1;
    this.#heardAt = now;
    return this.#messagesLeft < 0 || (type === 'subscribe' && this.backlog() > MOST_BACKLOG_BYTES);
  }

  async #follow(message: ClientMessage): Promise<void> {
    if (message.type === 'ping') return this.#say({ type: 'pong' });
    if (message.type === 'subscribe') {
      return 'overview' in message ? this.#joinOverview() : this.#joinCampaign(message.campaignId);
    }
    if ('overview' in message) this.#leaveOverview();
    else this.#leaveCampaign(message.campaignId);
    const { type: _type, ...what } = message;
    return this.#say({ type: 'unsubscribed', ...what });
  }

  async #joinCampaign(campaignId: string): Promise<void> {
    if (this.#campaigns.size >= MOST_TOPICS && !this.#campaigns.has(campaignId)) {
      const detail = `One connection follows at most ${MOST_TOPICS} campaigns.`;
      return this.#say({ type: 'error', code: 'too-many-topics', detail, campaignId });
    }
    const decision = authorize(this.#principal, { needed: 'read', shared: 'campaign', campaignId });
    if (decision !== 'allowed') return this.#refuse(decision, campaignId);
    const topic = await this.#services.hub.joinCampaign(this.#workspace, campaignId, this);
    if (!topic) return this.#refuse('no-such-campaign', campaignId);
    this.#campaigns.set(campaignId, topic);
    this.#tellSeen(campaignId);
    if (this.#socket.readyState !== this.#socket.OPEN) this.#leaveAll();
  }

  #tellSeen(campaignId: string): void {
    this.#services.numbersSeen.shown('live', { principal: this.#principal, campaignId, address: this.#address });
  }

  #leaveCampaign(campaignId: string): void {
    this.#services.hub.leaveCampaign(this.#workspace, campaignId, this);
    this.#campaigns.delete(campaignId);
  }

  #refuse(decision: Exclude<Decision, 'allowed'>, campaignId?: string): void {
    const code = decision === 'forbidden' ? 'forbidden' : 'campaign-not-found';
    const about = campaignId === undefined ? {} : { campaignId };
    this.#say({ type: 'error', code, detail: errorCatalogue[code].title, ...about });
  }

  async #joinOverview(): Promise<void> {
    const decision = authorize(this.#principal, { needed: 'read', shared: 'overview' });
    if (decision !== 'allowed') return this.#refuse(decision);
    this.#overview = await this.#services.hub.joinOverview(this.#workspace, this);
    if (this.#socket.readyState !== this.#socket.OPEN) this.#leaveAll();
  }

  #leaveOverview(): void {
    this.#services.hub.leaveOverview(this.#workspace, this);
    this.#overview = null;
  }

  #leaveAll(): void {
    for (const campaignId of [...this.#campaigns.keys()]) this.#leaveCampaign(campaignId);
    if (this.#overview) this.#leaveOverview();
  }

  #say(message: ServerMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.send(textOf(message));
  }
}

function readMessage(text: string): ClientMessage | null {
  try {
    return ClientMessage.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
