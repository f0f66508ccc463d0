import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Effects } from '../effects.ts';
import { listenLocally, readBody } from '../http-server.ts';
import type { Scenario } from '../scenarios.ts';
import { type ApiSummary, summariseApi } from './api-summary.ts';
import type { PostEntry } from './call-book.ts';
import type { ApiAccount } from './line.ts';
import type { PlacedCall } from './placed-call.ts';
import type { FaultControl, FaultSettings } from './post-faults.ts';
import { createProvider } from './provider.ts';
import type { createRoutes } from './routes.ts';

export interface CallApiOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly accounts: readonly ApiAccount[];
  /** What calls are like; its contacts, callers, pace and retries do not matter here. */
  readonly scenario: Scenario;
  /** The same seed answers the same numbers alike. Default 1. */
  readonly seed?: string;
  /** Calls go that many times faster; CPS, delivery and faults do not. Default 1. */
  readonly speed?: number;
  /** IANA zone of the accounts' console. Default Asia/Kolkata. */
  readonly zone?: string;
  /** Requests that an account may send in any 5 s. Default 300. */
  readonly requestsPer5Seconds?: number;
  /** CallUUID differs from RequestUUID. Default: they are one. */
  readonly separateUuids?: boolean;
  /** A record can be had only so many seconds after the end of its call. Default 0. */
  readonly lateSeconds?: number;
  readonly faults?: Partial<FaultSettings>;
  /** A Ringside server, and a key of it, that hears the voice bot's verdicts. Default: there is no bot. */
  readonly leads?: { readonly url: string; readonly key: string };
  /** Callbacks under way at once. Default 256. */
  readonly connections?: number;
  /** Calls that are remembered. Default 1,000,000. */
  readonly remember?: number;
  readonly effects?: Partial<Effects>;
}

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
