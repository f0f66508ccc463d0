import { setTimeout as sleep } from 'node:timers/promises';
import { begin, patch } from './campaign.ts';
import { untilTrue } from './provider-process.ts';
import { onScene, type Scene } from './scene.ts';

/** What the provider saw of one pace, from one second after it was set until the next one was. */
export interface PaceKept {
  readonly perSecond: number;
  /** How far off over the whole time, and over the worst ten seconds of it; 0.02 is two percent. */
  readonly off: number;
  readonly worstOff: number;
  /** From the acknowledgement of the change until the first gap that is nearer to the new pace than to the old one. */
  readonly takesEffectMs: number;
}

const WINDOW_SECONDS = 10;
const SETTLED_MS = 1_000;
const CAMPAIGN = 'paces';

/** Dials at one pace after another, changed while it dials. @param seconds how long each is kept */
export function keepPaces(paces: readonly number[], seconds: number): Promise<PaceKept[]> {
  const fastest = Math.max(...paces);
  // The account allows more than the campaign: what is measured is the campaign's pace.
  return onScene({ speed: 60, accountCallsPerSecond: 2 * fastest }, async (scene) => {
    const contacts = Math.ceil(paces.reduce((sum, pace) => sum + pace * (seconds + 2), 2 * fastest));
    const [first = 1] = paces;
    await begin(scene.url, { id: CAMPAIGN, contacts, callsPerSecond: first, concurrency: 10_000, maxAttempts: 1 });
    await untilTrue(async () => (await scene.provider.posts()).length > 0, 30_000, 10);
    const set = [Date.now()];
    for (const [at, pace] of paces.entries()) {
      if (at > 0) set.push(await change(scene, pace));
      await sleep(SETTLED_MS + seconds * 1_000);
    }
    const posts = (await scene.provider.posts()).map(({ at }) => at);
    return paces.map((pace, at) => kept(posts, pace, paces[at - 1], [set[at] ?? 0, set[at + 1] ?? Date.now()]));
  });
}

/** @returns when it was acknowledged */
async function change({ url }: Scene, callsPerSecond: number): Promise<number> {
  await patch(url, CAMPAIGN, { pace: { callsPerSecond, concurrency: 10_000 } });
  return Date.now();
}

function kept(
  posts: readonly number[],
  perSecond: number,
  before: number | undefined,
  [from, until]: readonly [number, number],
): PaceKept {
  const settled = posts.filter((at) => at >= from + SETTLED_MS && at < until);
  const gaps = Math.min(Math.round(perSecond * WINDOW_SECONDS), settled.length - 1);
  const windows = settled.flatMap((at, place) => {
    const end = settled[place + gaps];
    return end === undefined ? [] : [offBy(perSecond, gaps, end - at)];
  });
  return {
    perSecond,
    off: offBy(perSecond, settled.length - 1, (settled.at(-1) ?? 0) - (settled[0] ?? 0)),
    worstOff: windows.reduce((worst, off) => (Math.abs(off) > Math.abs(worst) ? off : worst), 0),
    takesEffectMs: before === undefined ? 0 : effectAfter(posts, [before, perSecond], from),
  };
}

function offBy(perSecond: number, gaps: number, ms: number): number {
  return (gaps * 1_000) / ms / perSecond - 1;
}

/** Two gaps in a row, so that one late request does not pass for a slower pace. */
function effectAfter(posts: readonly number[], [before, after]: readonly [number, number], from: number): number {
  const middle = 1_000 / Math.sqrt(before * after);
  const isNew = (gap: number): boolean => (after > before ? gap < middle : gap > middle);
  const first = posts.findIndex((at, place) => {
    const [last, next] = [posts[place - 1], posts[place + 1]];
    return at >= from && last !== undefined && next !== undefined && isNew(at - last) && isNew(next - at);
  });
  // The gap counts from its beginning: a slow pace shows only at its end.
  return first < 0 ? Number.POSITIVE_INFINITY : Math.max(0, (posts[first - 1] ?? from) - from);
}
