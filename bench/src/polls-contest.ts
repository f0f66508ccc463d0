import { setTimeout } from 'node:timers/promises';
import { shown } from './lib/numbers.ts';
import { fetchRaw, type RawAnswer } from './lib/raw-answer.ts';
import type { BenchOptions } from './lib/result.ts';
import { endedCalls, type Ringside, startRingside } from './lib/ringside.ts';
import { type Peer, startPeer } from './lib/start-peer.ts';
import { runLoad } from './load/run-load.ts';

/** Who is asked for a report. */
export interface Poller {
  readonly name: string;
  readonly url: string;
  readonly campaign: string;
  readonly key: string;
  /** Sent as If-None-Match; every answer must then be 304. */
  readonly etag: string | null;
}

/** Ringside with a campaign of some size, and the peer that sends the same bytes. */
export interface Pair {
  readonly calls: number;
  readonly ringside: Poller;
  readonly peer: Poller;
}

export interface PollContest {
  readonly pairs: readonly Pair[];
  readonly notes: readonly string[];
  /** Ends the campaign of a pair, so that its report keeps its ETag. */
  readonly finish: (pair: Pair) => Promise<Poller>;
  readonly stop: () => Promise<void>;
}

const BATCH = 500;
/** No run takes so long: a load without a warm-up ends with its last request. */
const ENOUGH_SECONDS = 3_600;

/** Starts Ringside, gives it campaigns of these sizes, and starts a peer for the report of each. */
export async function startPollContest(sizes: readonly number[], options: BenchOptions): Promise<PollContest> {
  const ringside = await startRingside(options.profileTo);
  const peers: Peer[] = [];
  const stop = async (): Promise<void> => {
    await ringside.stop();
    await Promise.all(peers.map((peer) => peer.stop()));
  };
  try {
    const pairs: Pair[] = [];
    const notes: string[] = [];
    for (const calls of sizes) {
      const own = await fill(ringside, calls, options);
      const answer = await fetchRaw(own);
      const peer = await startPeer('same-bytes', { token: '', answer });
      peers.push(peer);
      const pair = { calls, ringside: own, peer: { ...own, name: 'the same bytes', url: peer.url } };
      mustBeSame(answer, await fetchRaw(pair.peer), calls);
      pairs.push(pair);
      notes.push(`The report of ${shown(calls)} calls has ${shown(answer.body.length)} bytes. ${peer.settings}.`);
    }
    return { pairs, notes, finish: (pair) => finish(ringside, pair), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Twice as many contacts as calls: the campaign goes on, so its report is evaluated anew at every tick. */
async function fill(ringside: Ringside, calls: number, { say }: BenchOptions): Promise<Poller> {
  const campaign = `bench-${calls}`;
  await ringside.register({ id: campaign, totalCalls: calls * 2 });
  const { perSecond } = await runLoad({
    url: ringside.url,
    traffic: { kind: 'events', campaigns: [campaign], key: ringside.key, count: calls, batch: BATCH },
    connections: 4,
    warmSeconds: 0,
    seconds: ENOUGH_SECONDS,
    repeat: false,
    status: 200,
  });
  say(`polls: stored ${shown(calls)} calls, ${shown(perSecond * BATCH)} a second`);
  const counted = endedCalls(await ringside.report(campaign));
  if (counted !== calls) throw new Error(`${calls} calls were acknowledged, but ${counted} are reported`);
  return { name: 'Ringside', url: ringside.url, campaign, key: ringside.key, etag: null };
}

/** The order and the names of the headers count too: they are bytes like any other. */
function mustBeSame(wanted: RawAnswer, given: RawAnswer, calls: number): void {
  const text = (answer: RawAnswer): string => JSON.stringify([answer.allHeaders, answer.body]);
  if (text(wanted) !== text(given)) throw new Error(`the peer does not send the bytes of the report of ${calls} calls`);
}

async function finish(ringside: Ringside, { ringside: poller }: Pair): Promise<Poller> {
  const { campaign } = poller;
  await ringside.send({ type: 'campaign', campaignId: campaign, at: new Date().toISOString(), change: 'completed' });
  // Reports are evaluated at ticks of some seconds, so this one shows only with the next.
  for (let waited = 0; (await ringside.report(campaign)).phase !== 'completed'; waited += 1) {
    if (waited === 20) throw new Error('a campaign that was completed does not show it');
    await setTimeout(500);
  }
  const { headers } = await fetchRaw(poller);
  const etag = headers.etag;
  if (etag === undefined) throw new Error('a report came without an ETag');
  return { ...poller, name: 'Ringside, 304 by If-None-Match', etag };
}
