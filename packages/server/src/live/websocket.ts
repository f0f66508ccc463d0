import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, problem } from '@ringside/protocol';
import { WebSocketServer } from 'ws';
import type { Principal } from '../access/principal.ts';
import { authenticate } from '../http/access-hook.ts';
import { clientAddresses } from '../http/client-address.ts';
import { isAllowedOrigin } from '../http/cookies.ts';
import { withoutShare } from '../http/share-path.ts';
import type { Services } from '../services.ts';
import { HEARTBEAT_MS } from './heartbeat.ts';
import { connectionsDetail } from './too-many-connections.ts';
import { WebSocketViewer } from './websocket-viewer.ts';

const PATH = '/v1/live';
const LEAVE_WITHIN_MS = 2_000;
const MOST_MESSAGE_BYTES = 16 * 1024;
const RETRY_SECONDS = 1;
/** Close code: the server goes away and the client should come back. */
const GOING_AWAY = 1001;

/** Refusal of an upgrade. */
interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly retrySeconds?: number;
}

/** Live reports over WebSocket. @returns a function that tells every client to come back later */
export function serveWebSocket(server: Server, services: Services): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES, perMessageDeflate: false });
  const viewers = new Set<WebSocketViewer>();
  const addressOf = clientAddresses(services.config.trustProxy);

  function open(request: IncomingMessage, socket: Duplex, head: Buffer, principal: Principal): void {
    // A socket that closed during the look-up would never give its slot back.
    if (socket.destroyed) return;
    const address = addressOf(request);
    const slot = services.liveConnections.take(principal, address);
    if (typeof slot === 'number')
      return refuse(socket, { code: 'too-many-connections', detail: connectionsDetail(slot), retrySeconds: slot });
    socket.once('close', slot);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const viewer = new WebSocketViewer(webSocket, { principal, address }, services);
      viewers.add(viewer);
      services.live.viewers.websocket = viewers.size;
      webSocket.on('close', () => {
        viewers.delete(viewer);
        services.live.viewers.websocket = viewers.size;
      });
    });
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    admit(request, services)
      .then((admitted) => ('code' in admitted ? refuse(socket, admitted) : open(request, socket, head, admitted)))
      .catch(() => refuse(socket, unavailable));
  });
  const beating = setInterval(() => {
    for (const viewer of viewers) viewer.beat();
  }, HEARTBEAT_MS);
  return () => {
    clearInterval(beating);
    for (const viewer of viewers) viewer.close(GOING_AWAY, 'the server restarts');
    sockets.close();
    // Who does not answer that is gone, or asleep, and must not hold up the server.
    setTimeout(() => {
      for (const client of sockets.clients) client.terminate();
    }, LEAVE_WITHIN_MS).unref();
  };
}

const unavailable: Refusal = {
  code: 'storage-unavailable',
  detail: 'Storage does not answer now. Connect again shortly.',
  retrySeconds: RETRY_SECONDS,
};

/** Returns the principal of an upgrade, or why it is refused. */
async function admit(request: IncomingMessage, services: Services): Promise<Principal | Refusal> {
  const [path, query = ''] = withoutShare(request).split('?', 2);
  if (path !== PATH) return { code: 'not-found', detail: `WebSockets are served at ${PATH}.` };
  const fromBrowser = request.headers.origin !== undefined;
  if (fromBrowser && !isAllowedOrigin(request.headers, services.config.allowedOrigins))
    return { code: 'origin-refused', detail: 'The page must be of this site or of one of ALLOWED_ORIGINS.' };
  const ticket = new URLSearchParams(query).get('ticket');
  const found =
    ticket === null
      ? await authenticate(request, services.authenticator)
      : await services.authenticator.byTicket(ticket, request.headers.origin ?? null);
  if (!found) return { code: 'unauthenticated', detail: 'Send `Authorization: Bearer <api key>`, or a ticket.' };
  if ('denied' in found) return { code: 'unauthenticated', detail: found.denied };
  if (!found.permissions.has('read')) return { code: 'forbidden', detail: 'This needs the permission to read.' };
  const wait = services.limits.request(found);
  if (wait === 0) return found;
  return { code: 'too-many-requests', detail: `More was asked than is allowed here.`, retrySeconds: wait };
}

function refuse(socket: Duplex, { code, detail, retrySeconds }: Refusal): void {
  const document = problem(code, detail);
  const body = JSON.stringify(document);
  const headers = [
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status]}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retrySeconds === undefined ? [] : [`Retry-After: ${retrySeconds}`]),
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
