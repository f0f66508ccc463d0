import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenLocally, readBody } from '../http-server.ts';
import { type ApiSummary, summariseApi } from './api-summary.ts';
import type { PostEntry } from './call-book.ts';
import type { CallApiOptions } from './options.ts';
import type { PlacedCall } from './placed-call.ts';
import type { FaultControl } from './post-faults.ts';
import { createProvider } from './provider.ts';
import type { createRoutes } from './routes.ts';

/** Plivo's Call API, and the sandbox's own record of what it dialed. */
export interface CallApi {
  /** Base of the API, as for PLIVO_API_URL. */
  readonly url: string;
  readonly faults: FaultControl;
  /** Every call that was really made, in the order of placing. */
  readonly placed: readonly PlacedCall[];
  /** Every request for a call, in the order in which they came. */
  readonly posts: readonly PostEntry[];
  /** Sums over everything, or over one campaign. */
  readonly summary: (campaignId?: string) => ApiSummary;
  /** Resolves when every callback and event that was due has arrived or was given up. */
  readonly settle: () => Promise<void>;
  /** Stops at once: what is under way is cut off. */
  readonly close: () => Promise<void>;
}

/** Serves Plivo's Call API on this machine, plays the calls, and sends signed callbacks to the URLs that each request gives. */
export async function startCallApi(options: CallApiOptions): Promise<CallApi> {
  const provider = createProvider(options);
  const { book, couriers, faults, lines, record, stop } = provider;
  const server = await listenLocally(options.port ?? 0, (incoming, outgoing) => {
    void serve(provider.route, incoming, outgoing);
  });
  const settle = async () => {
    await Promise.all(couriers.map((courier) => courier.settle()));
  };
  return {
    url: server.url,
    faults,
    get placed() {
      return [...book.placed.values()];
    },
    posts: book.posts,
    summary: (campaignId) => summariseApi({ book, lines, record }, campaignId),
    settle,
    close: async () => {
      stop();
      await server.close();
      await settle();
    },
  };
}

type Route = ReturnType<typeof createRoutes>;

const bodyLimit = 64 * 1_024;

async function serve(route: Route, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await readBody(incoming, bodyLimit);
  if (body === null) {
    outgoing.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const { method = '', url: target = '', headers } = incoming;
  const exchange = await route({ method, target, authorization: headers.authorization, body });
  if (exchange === null) {
    incoming.socket.destroy();
    return;
  }
  const type = exchange.body === null ? {} : { 'content-type': 'application/json' };
  outgoing.writeHead(exchange.status, { ...type, ...exchange.headers });
  outgoing.end(exchange.body === null ? undefined : JSON.stringify(exchange.body));
}
