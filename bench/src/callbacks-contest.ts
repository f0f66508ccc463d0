import type { BenchOptions } from './lib/result.ts';
import { type Ringside, startRingside } from './lib/ringside.ts';
import { type Peer, startPeer } from './lib/start-peer.ts';
import { hangupRequests } from './load/hangup-requests.ts';

/** Who takes the callbacks. */
export interface Receiver {
  readonly name: string;
  readonly url: string;
  /** More requests than it can take in a second. One that keeps nothing is sent the same ones over and over. */
  readonly mostPerSecond: number;
  readonly keepsNothing: boolean;
  /** The ratio that Ringside is to reach, or `null`. */
  readonly least: number | null;
}

export interface Contest {
  readonly ringside: Ringside;
  /** Ringside and peers A, B and C. */
  readonly receivers: readonly [Receiver, Receiver, Receiver, Receiver];
  /** Calls for which peer C has a row. */
  readonly countRows: () => Promise<number>;
  readonly settings: readonly string[];
  readonly stop: () => Promise<void>;
}

export const campaigns = Array.from({ length: 10 }, (_, index) => `bench-${index}`);

/** Starts the four and makes sure that those which should do refuse a forged callback. */
export async function startContest(options: BenchOptions): Promise<Contest> {
  options.say('callbacks: starting Ringside and its peers');
  const ringside = await startRingside(options.profileTo);
  const peers: Peer[] = [];
  const stop = async (): Promise<void> => {
    await ringside.stop();
    await Promise.all(peers.map((peer) => peer.stop()));
  };
  try {
    for (const name of ['signed-only', 'body-only', 'express-postgres'] as const) {
      peers.push(await startPeer(name, { token: ringside.token }));
    }
    const [signed, body, express] = peers as [Peer, Peer, Peer];
    for (const id of campaigns) await ringside.register({ id, totalCalls: 10_000_000 });
    for (const { url } of [ringside, signed, express]) await mustRefuseForgery(url);
    return {
      ringside,
      receivers: [
        { name: 'Ringside', url: ringside.url, mostPerSecond: 16_000, keepsNothing: false, least: null },
        { name: 'A: checks, keeps nothing', url: signed.url, mostPerSecond: 4_000, keepsNothing: true, least: 0.65 },
        { name: 'B: reads the body only', url: body.url, mostPerSecond: 4_000, keepsNothing: true, least: null },
        { name: 'C: Express, one INSERT each', url: express.url, mostPerSecond: 6_000, keepsNothing: false, least: 4 },
      ],
      countRows: () => express.ask('count'),
      settings: [`A: ${signed.settings}`, `B: ${body.settings}`, `C: ${express.settings}`],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A receiver that checks nothing would make a fine figure. */
async function mustRefuseForgery(url: string): Promise<void> {
  const [bytes] = hangupRequests({ kind: 'hangups', campaigns, token: 'not the token', count: 1, perSecond: 1 });
  const [head = '', body = ''] = bytes?.toString().split('\r\n\r\n') ?? [];
  const [line = '', ...lines] = head.split('\r\n');
  const headers = lines
    .map((text) => text.split(': ', 2) as [string, string])
    .filter(([name]) => name !== 'Host' && name !== 'Content-Length');
  const response = await fetch(url + line.split(' ')[1], { method: 'POST', headers, body });
  if (response.status !== 403) throw new Error(`a forged callback was answered ${response.status}, not 403`);
}
