import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LocalServer, listenLocally, readBody, targetOf } from '../http-server.ts';
import { readFaultOrder } from './fault-order.ts';
import type { CallApi } from './start-call-api.ts';

/** Answers one question about the API. */
type Answer = (api: CallApi, query: URLSearchParams) => { readonly type: string; readonly text: string };

const json = (value: unknown) => ({ type: 'application/json', text: JSON.stringify(value) });
const lines = (values: readonly unknown[]) => ({
  type: 'application/x-ndjson',
  text: values.map((value) => `${JSON.stringify(value)}\n`).join(''),
});

const questions: Readonly<Record<string, Answer>> = {
  '/record': (api, query) => {
    const campaignId = query.get('campaign');
    return lines(api.placed.filter((call) => campaignId === null || call.campaignId === campaignId));
  },
  '/posts': (api) => lines(api.posts),
  '/summary': (api, query) => json(api.summary(query.get('campaign') ?? undefined)),
  '/faults': (api) => json(api.faults.settings),
};

/**
 * Lets another process ask what was really dialed, and change what goes wrong: `GET /record` and `/posts` as JSON lines,
 * `GET /summary` (the first and this with `?campaign=`), `GET` and `POST /faults`. For this machine only, without a key.
 *
 * @param port 0 takes a free one
 */
export function startControlServer(api: CallApi, port = 0): Promise<LocalServer> {
  return listenLocally(port, (incoming, outgoing) => {
    void control(api, incoming, outgoing);
  });
}

async function control(api: CallApi, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { pathname, searchParams } = targetOf(incoming.url ?? '');
  const reply = (status: number, { type, text }: ReturnType<Answer>) => {
    outgoing.writeHead(status, { 'content-type': type }).end(text);
  };
  if (incoming.method === 'POST' && pathname === '/faults') {
    const order = readFaultOrder(await readBody(incoming, 64 * 1_024));
    if (!order.ok) return reply(400, json({ error: order.error }));
    api.faults.set(order.changes);
    for (const fault of order.next) api.faults.next(fault);
    return reply(200, json(api.faults.settings));
  }
  const question = Object.hasOwn(questions, pathname) ? questions[pathname] : undefined;
  if (question === undefined || incoming.method !== 'GET') return reply(404, json({ error: 'not found' }));
  reply(200, question(api, searchParams));
}
