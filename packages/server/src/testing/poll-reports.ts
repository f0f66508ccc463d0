import { setTimeout as sleep } from 'node:timers/promises';
import { KEY } from './running-server.ts';

/** How long reports took, in milliseconds. */
export interface PollTimes {
  readonly p50: string;
  readonly p99: string;
  readonly slowest: string;
}

const EVERY_MS = 50;

/** Asks for a campaign's report again and again, one at a time, at most so often and until the signal is aborted. */
export async function pollReports(
  base: string,
  campaignId: string,
  most: number,
  signal?: AbortSignal,
): Promise<PollTimes> {
  const headers = { authorization: `Bearer ${KEY}` };
  const times: number[] = [];
  while (times.length < most && !signal?.aborted) {
    const begun = performance.now();
    const response = await fetch(`${base}/v1/campaigns/${campaignId}/report`, { headers });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the report answered ${response.status}`);
    times.push(performance.now() - begun);
    await sleep(EVERY_MS);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string =>
    (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
  return { p50: at(0.5), p99: at(0.99), slowest: at(1) };
}
