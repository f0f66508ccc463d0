import { iso } from '@ringside/core';
import { ClientMessage, errorCatalogue, PROTOCOL_VERSION, type ServerMessage } from '@ringside/protocol';
import type { WebSocket } from 'ws';
import type { Sight } from '../access/numbers-seen.ts';
import { authorize, type Decision, maskOf, type Principal } from '../access/principal.ts';
import type { Services } from '../services.ts';
import { StoreFault } from '../store/store.ts';
import type { CampaignTopic } from './campaign-topic.ts';
import { HEARTBEAT_MS } from './heartbeat.ts';
import { LiveText } from './live-text.ts';
import type { OverviewTopic } from './overview-topic.ts';
import { MOST_BACKLOG_BYTES, type Subscriber } from './subscriber.ts';

/** Topics of one connection. */
const MOST_TOPICS = 100;
/** Close codes: the client broke the protocol, or should come back later. */
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;
/** Each message may ask for a whole report. A page that comes back with all its topics sends about this many at once. */
const MESSAGES_AT_ONCE = 3 * MOST_TOPICS;
const MESSAGES_PER_SECOND = 20;
/** What was allowed no longer is; or it is something else now, and the client should come back as that. */
const endCodes = { revoked: 4401, changed: 4409 } as const;

/** One connection and the topics that it follows. */
export class WebSocketViewer implements Subscriber {
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

  constructor(socket: WebSocket, { principal, address }: Pick<Sight, 'principal' | 'address'>, services: Services) {
    this.#socket = socket;
    this.#principal = principal;
    this.#address = address;
    this.#workspace = principal.workspace;
    this.#services = services;
    this.mask = maskOf(principal);
    socket.on('message', (data, isBinary) => {
      // One that is closing is not listened to: it may have sent very much.
      if (this.#isOpen) this.#hear(isBinary ? '' : String(data));
    });
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('error', () => socket.terminate());
    const unguard = services.guards.add(principal, (why) => this.close(endCodes[why], `access ${why}`));
    socket.on('close', () => {
      unguard();
      this.#leaveAll();
    });
    const epoch = services.epoch();
    this.#say({ type: 'hello', protocol: PROTOCOL_VERSION, epoch, heartbeatMs: HEARTBEAT_MS });
  }

  send(text: LiveText): void {
    if (!this.#isOpen) return;
    this.#services.live.sent(text.type);
    this.#socket.send(text.payload, { binary: false });
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

  /** Leaves its topics, then says goodbye: nothing is sent to a connection that is closing. */
  close(code: number, reason: string): void {
    this.#leaveAll();
    this.#socket.close(code, reason);
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #hear(text: string): void {
    const message = readMessage(text);
    if (!message) return this.close(POLICY_VIOLATION, 'unreadable message');
    if (this.#isTooMuch(message)) return this.close(TRY_AGAIN_LATER, 'too many messages');
    this.#follow(message).catch((error: unknown) => {
      // The client comes back, and follows anew, until the store is there.
      if (error instanceof StoreFault) return this.close(TRY_AGAIN_LATER, 'storage does not answer');
      this.#services.log.error({ err: error }, 'a live subscription failed');
      this.#say({ type: 'error', code: 'internal-error', detail: errorCatalogue['internal-error'].title });
    });
  }

  /** Limits a connection, and all of its key, login or link together; a reader that does not drain may ask for nothing. */
  #isTooMuch({ type }: ClientMessage): boolean {
    const now = performance.now();
    const filled = this.#messagesLeft + ((now - this.#heardAt) / 1000) * MESSAGES_PER_SECOND;
    this.#messagesLeft = Math.min(MESSAGES_AT_ONCE, filled) - 1;
    this.#heardAt = now;
    if (this.#messagesLeft < 0 || !this.#services.liveConnections.mayAsk(this.#principal)) return true;
    return type === 'subscribe' && this.backlog() > MOST_BACKLOG_BYTES;
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
    if (!this.#isOpen) this.#leaveAll();
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
    if (!this.#isOpen) this.#leaveAll();
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
    this.send(new LiveText(message));
  }
}

function readMessage(text: string): ClientMessage | null {
  try {
    return ClientMessage.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
