import { Agent, request } from 'node:http';
import { callbackRequest, callbackUrl } from '@ringside/sandbox';
import { AUTH_ID, AUTH_TOKEN, hangup } from './running-server.ts';

const TURN_MS = 20;

/** What the sender of a steady stream of callbacks knows of it. */
export interface Sent {
  /** Calls whose hangup was answered 200, by id. */
  readonly acknowledged: ReadonlySet<string>;
  /** Answers that were not 200, or errors; with how often. */
  readonly refused: ReadonlyMap<string, number>;
  /** The longest that a sender waited, milliseconds. */
  readonly slowest: number;
}

/**
 * Sends signed hangups at a steady rate, however slowly they are answered, as calls end whether or not anybody listens.
 * @returns what ends it, once all of them are answered
 */
export function sendSteadily(base: string, perSecond: number, campaigns: readonly string[]): () => Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const acknowledged = new Set<string>();
  const refused = new Map<string, number>();
  const waiting = new Set<Promise<void>>();
  const begun = performance.now();
  let slowest = 0;
  let sent = 0;
  const sendOne = async (): Promise<void> => {
    const campaign = campaigns[sent % campaigns.length] ?? 'c';
    const id = `steady-${sent++}`;
    const at = performance.now();
    const answer = await post(agent, base, campaign, id);
    slowest = Math.max(slowest, performance.now() - at);
    if (answer === '200') acknowledged.add(id);
    else refused.set(answer, (refused.get(answer) ?? 0) + 1);
  };
  const timer = setInterval(() => {
    const due = ((performance.now() - begun) / 1000) * perSecond;
    while (sent < due) {
      const one: Promise<void> = sendOne().finally(() => waiting.delete(one));
      waiting.add(one);
    }
  }, TURN_MS);
  return async () => {
    clearInterval(timer);
    await Promise.all(waiting);
    agent.destroy();
    return { acknowledged, refused, slowest };
  };
}

/** @returns the status, or what went wrong */
function post(agent: Agent, base: string, campaign: string, id: string): Promise<string> {
  const account = { base, authId: AUTH_ID, authTokens: [AUTH_TOKEN], method: 'POST' as const };
  const to = `+9198${String(Number.parseInt(id.slice('steady-'.length), 10)).padStart(8, '0')}`;
  const url = callbackUrl(base, 'hangup', campaign);
  const { headers, body } = callbackRequest(account, url, hangup(id, { to }), `nonce${id.replace('-', '')}`);
  return new Promise((resolve) => {
    const sending = request(url.split('#')[0] ?? url, { agent, method: 'POST', headers: { ...headers } }, (answer) => {
      answer.resume().on('end', () => resolve(String(answer.statusCode)));
    });
    sending.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sending.end(body);
  });
}
